package io.github.portpool.export.json;

import io.github.portpool.advice.Diagnosis;
import io.github.portpool.advice.Finding;
import io.github.portpool.advice.Fix;

/** A diagnosis as JSON. */
public final class DoctorJson {
  private DoctorJson() {}

  /** One object with an array of findings, the worst first. */
  public static String of(Diagnosis diagnosis) {
    return Json.text(
        new Fields()
            .with("time", diagnosis.time())
            .with("ephemeralRange", Json.range(diagnosis.range().summary()))
            .with("state", diagnosis.verdict().state())
            .with("verdict", VerdictJson.fields(diagnosis.verdict()))
            .with("healthy", diagnosis.healthy())
            .with("findings", diagnosis.findings().stream().map(DoctorJson::finding))
            .with("untrackedConnections", diagnosis.untrackedConnections())
            .with("unavailable", Json.unavailable(diagnosis.unavailable())));
  }

  private static Fields finding(Finding finding) {
    return new Fields()
        .with("rule", finding.rule())
        .with("severity", finding.severity())
        .with("title", finding.title())
        .with("evidence", finding.evidence().stream())
        .with("advice", finding.advice())
        .with("fixes", finding.fixes().stream().map(DoctorJson::fix));
  }

  private static Fields fix(Fix fix) {
    return new Fields().with("command", fix.command()).with("lasting", Json.orNull(fix.lasting()));
  }
}
