package io.github.portpool.export.json;

import com.google.gson.stream.JsonWriter;
import io.github.portpool.advice.Diagnosis;
import io.github.portpool.advice.Finding;
import io.github.portpool.advice.Mend;
import java.io.IOException;
import java.util.List;

/** A diagnosis as JSON. */
public final class DoctorJson {
  private DoctorJson() {}

  /** One object with an array of findings, the worst first. */
  public static String of(Diagnosis diagnosis) {
    return Json.text(json -> {
      json.beginObject();
      json.name("time").value(diagnosis.time().toString());
      json.name("liveRange");
      Json.range(json, diagnosis.range().summary());
      json.name("healthy").value(diagnosis.healthy());
      json.name("findings").beginArray();
      for (Finding finding : diagnosis.findings()) {
        finding(json, finding);
      }
      json.endArray();
      json.name("untrackedConnections").value(diagnosis.untrackedConnections());
      json.name("unavailable");
      Json.unavailable(json, diagnosis.unavailable());
      json.endObject();
    });
  }

  private static void finding(JsonWriter json, Finding finding) throws IOException {
    json.beginObject();
    json.name("rule").value(finding.rule());
    json.name("severity").value(finding.severity().label());
    json.name("title").value(finding.title());
    json.name("evidence");
    texts(json, finding.evidence());
    json.name("advice").value(finding.advice());
    json.name("mends").beginArray();
    for (Mend mend : finding.mends()) {
      json.beginObject();
      json.name("command").value(mend.command());
      json.name("lasting").value(Json.orNull(mend.lasting()));
      json.endObject();
    }
    json.endArray();
    json.endObject();
  }

  private static void texts(JsonWriter json, List<String> texts) throws IOException {
    json.beginArray();
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
  }
}
