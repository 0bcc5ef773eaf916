package io.github.portpool.source.failures;

import io.github.portpool.linux.PerfRecords;

/**
 * Reads the records of connect() calls that failed for lack of a port into the table of culprits.
 */
final class FailureRecords {
  private final StateChange tracepoint;
  private final CulpritTable culprits;
  private final ProcessNames processes = new ProcessNames(System::nanoTime);
  private final PerfRecords records = new PerfRecords();

  FailureRecords(StateChange tracepoint, CulpritTable culprits) {
    this.tracepoint = tracepoint;
    this.culprits = culprits;
  }

  /** Reads a block of records; one that is too short for an address is passed over. */
  void read(byte[] block, int length, boolean withControlGroup) {
    processes.forgetOld();
    records.wrap(block, length, withControlGroup);
    while (records.next()) {
      if (records.rawBytes() >= tracepoint.rawBytes()) {
        culprits.add(
            processes.of(records.pid(), records.tid()),
            records.controlGroup(),
            records.rawNetworkLong(tracepoint.addressAt()),
            records.rawNetworkLong(tracepoint.addressAt() + Long.BYTES),
            records.rawShort(tracepoint.portAt()));
      }
    }
  }
}
