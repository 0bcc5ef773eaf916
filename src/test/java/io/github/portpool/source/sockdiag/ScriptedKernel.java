package io.github.portpool.source.sockdiag;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.linux.netlink.DiagBlock;
import io.github.portpool.linux.netlink.DiagSocket;
import io.github.portpool.linux.netlink.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** A kernel that answers each request with the bytes and failures of a script. */
public final class ScriptedKernel implements KernelChannel {
  /** What {@link #receive} does once. */
  @FunctionalInterface
  public interface Reply {
    /** Fills the buffer and returns the length. */
    int into(ByteBuffer buffer) throws IOException;

    /** A block. */
    static Reply block(byte[] bytes) {
      return buffer -> {
        buffer.put(0, bytes);
        return bytes.length;
      };
    }

    /** A block. */
    static Reply block(DiagBlock block) {
      return block(block.bytes());
    }

    /** A block that did not fit: a whole buffer of it, and how long it was. */
    static Reply cutOff(int length) {
      return buffer -> length;
    }

    /** A refusal of recv(2). */
    static Reply failure(int errno) {
      return buffer -> {
        throw new SystemCallException("recv(AF_NETLINK)", errno);
      };
    }
  }

  /** The answer to each request. */
  @FunctionalInterface
  public interface Script {
    /** What is to be received, in order; after it, nothing comes any more. */
    List<Reply> answer(Request request);
  }

  /** The sysctls; a test may change them. */
  public final Map<String, String> sysctls = new HashMap<>();

  /** The requests so far. */
  public final List<Request> requests = new ArrayList<>();

  /** How many requests had been sent at each reset. */
  public final List<Integer> resets = new ArrayList<>();

  /** What its clock shows. */
  public long nanos;

  /** What the caller's buffer holds where nothing was received. */
  public byte filler;

  private final Script script;
  private final Deque<Reply> pending = new ArrayDeque<>();
  private final byte[] buffer = new byte[64 * 1024];

  /** A kernel of today with its defaults and a script. */
  public ScriptedKernel(Script script) {
    this.script = script;
    sysctls.put("kernel/osrelease", "6.18.5\n");
    sysctls.put("net/ipv4/ip_local_port_range", "32768\t60999\n");
    sysctls.put("net/ipv4/ip_local_reserved_ports", "\n");
    sysctls.put("net/ipv4/tcp_tw_reuse", "2\n");
    sysctls.put("net/ipv4/tcp_tw_reuse_delay", "1000\n");
    sysctls.put("net/ipv4/tcp_timestamps", "1\n");
    sysctls.put("net/ipv4/tcp_fin_timeout", "60\n");
    sysctls.put("net/ipv4/tcp_max_tw_buckets", "8192\n");
  }

  /** A kernel whose every answer is one block. */
  public static ScriptedKernel ofBlocks(Function<Request, DiagBlock> answer) {
    return new ScriptedKernel(request -> List.of(Reply.block(answer.apply(request))));
  }

  /** A kernel that has no sockets, or those of one request alone. */
  static ScriptedKernel with(Predicate<Request> asked, DiagSocket... sockets) {
    return ofBlocks(request -> {
      DiagBlock block = new DiagBlock(request);
      return (asked.test(request) ? block.sockets(sockets) : block).done();
    });
  }

  @Override
  public Optional<String> sysctl(String name) {
    return Optional.ofNullable(sysctls.get(name));
  }

  @Override
  public void send(byte[] bytes) {
    Request request = Request.of(bytes);
    requests.add(request);
    pending.addAll(script.answer(request));
  }

  @Override
  public int receive(int[] words) throws IOException {
    Reply reply = pending.poll();
    if (reply == null) {
      throw new SystemCallException("recv(AF_NETLINK)", Errno.EAGAIN.number());
    }
    Arrays.fill(buffer, filler);
    ByteBuffer bytes = ByteBuffer.wrap(buffer).order(LITTLE_ENDIAN);
    int length = reply.into(bytes);
    bytes.asIntBuffer().get(words);
    return length;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void reset() {
    resets.add(requests.size());
    pending.clear();
  }

  @Override
  public void close() {
    pending.clear();
  }
}
