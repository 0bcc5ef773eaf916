package io.github.portpool.export.web.pages;

import java.util.List;

/** How to ask for the sockets on a port with the system's own tools. */
final class SystemTools {
  /** A command, in which %d stands for the port. */
  private record Tool(String system, String command, String tells) {}

  private static final List<Tool> TOOLS =
      List.of(
          new Tool("portpool", "portpool who %d", "all of this page, on the terminal"),
          new Tool(
              "Linux",
              "ss -tuanp 'sport = :%d'",
              "sockets in every state; processes of others as root"),
          new Tool("Linux", "fuser -v %1$d/tcp %1$d/udp", "processes; those of others as root"),
          new Tool(
              "Linux, macOS",
              "lsof -nP -i :%d",
              "processes with the port at either end; those of others as root"),
          new Tool("Linux", "netstat -tuanp | grep -w %d", "the same as ss, with net-tools"),
          new Tool(
              "macOS", "netstat -anv | grep -w %d", "sockets in every state, with process ids"),
          new Tool(
              "Windows", "Get-NetTCPConnection -LocalPort %d", "TCP sockets, with process ids"),
          new Tool("Windows", "Get-NetUDPEndpoint -LocalPort %d", "UDP sockets, with process ids"),
          new Tool(
              "Windows",
              "netstat -ano | findstr :%d",
              "both; also longer numbers that begin like this one"));

  private SystemTools() {}

  /** A table of commands. */
  static Html about(int port) {
    Html html =
        new Html(
            """
            <h2>Ask the system yourself</h2>
            <div class="scroll" tabindex="0" role="group" aria-label="Commands">
            <table class="cards"><thead><tr><th scope="col">On</th><th scope="col">Command</th><th scope="col">Tells</th></tr></thead>
            <tbody>
            """);
    for (Tool tool : TOOLS) {
      html.add(
          "<tr><td>%s</td><th scope=\"row\">%s</th><td>%s</td></tr>\n",
          tool.system(), Html.command(tool.command().formatted(port)), tool.tells());
    }
    return html.add("</tbody></table></div>\n");
  }
}
