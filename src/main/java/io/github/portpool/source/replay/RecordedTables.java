package io.github.portpool.source.replay;

import io.github.portpool.source.bpf.KernelTables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Tables that answer as they did when they were recorded, again and again. */
final class RecordedTables implements KernelTables {
  private final Map<String, ByteBuffer> answers = new HashMap<>();

  void add(String part, byte[] answer) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
    if (KernelTables.length(bytes) != answer.length) {
      throw new IOException("a part of a table of another length");
    }
    answers.put(part, bytes);
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  @Override
  public ByteBuffer read(Part part) throws IOException {
    ByteBuffer answer = answers.get(part.toString());
    if (answer == null) {
      throw new IOException("the recording has no answer to this request: record again");
    }
    return answer;
  }

  @Override
  public void close() {}
}
