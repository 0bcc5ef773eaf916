package io.github.portpool.source.bpf;

import io.github.portpool.source.SourceException;
import java.util.function.UnaryOperator;

/** Whether the kernel's tables may be read here. */
public final class ReadableTables {
  private ReadableTables() {}

  /** Whether they can be opened. */
  public static boolean areThere() {
    try (BpfTcp tcp = BpfTcp.open(UnaryOperator.identity())) {
      return tcp != null;
    } catch (SourceException e) {
      return false;
    }
  }
}
