{{- define "portpool.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "portpool.fullname" -}}
{{- $name := include "portpool.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "portpool.selectorLabels" -}}
app.kubernetes.io/name: {{ include "portpool.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "portpool.labels" -}}
{{ include "portpool.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: metrics
app.kubernetes.io/part-of: portpool
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "portpool.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "portpool.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "portpool.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The Secret with the web configuration file, or nothing. */ -}}
{{- define "portpool.webSecret" -}}
{{- if .Values.web.existingSecret }}
{{- .Values.web.existingSecret }}
{{- else if .Values.web.config }}
{{- include "portpool.fullname" . }}-web
{{- end }}
{{- end }}

{{- /* The capabilities that the features need, a JSON list. */ -}}
{{- define "portpool.capabilities" -}}
{{- $capabilities := list }}
{{- with .Values.features }}
{{- if .exact }}{{ $capabilities = append $capabilities "BPF" }}{{ end }}
{{- if or .processes .failures }}{{ $capabilities = append $capabilities "DAC_READ_SEARCH" }}{{ end }}
{{- if .nat }}{{ $capabilities = append $capabilities "NET_ADMIN" }}{{ end }}
{{- if or .failures .exact }}{{ $capabilities = append $capabilities "PERFMON" }}{{ end }}
{{- if .namespaces }}{{ $capabilities = append $capabilities "SYS_ADMIN" }}{{ end }}
{{- if or .processes .namespaces }}{{ $capabilities = append $capabilities "SYS_PTRACE" }}{{ end }}
{{- end }}
{{- $capabilities | toJson }}
{{- end }}

{{/* What a monitor of the Prometheus operator scrapes. */}}
{{- define "portpool.endpoint" -}}
- port: metrics
  interval: {{ .interval }}
  scrapeTimeout: {{ .scrapeTimeout }}
  scheme: {{ .scheme }}
  {{- with .tlsConfig }}
  tlsConfig:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .basicAuth }}
  basicAuth:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  relabelings:
    - {sourceLabels: [__meta_kubernetes_pod_node_name], targetLabel: instance}
    # By which the rules and dashboards know it.
    - {targetLabel: job, replacement: portpool}
{{- end }}
