package io.github.portpool.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Programs and maps in the kernel that a light skeleton loaded: bpf(2), and {@code gen skeleton -L}
 * of bpftool-gen(8).
 *
 * <p>A light skeleton is itself a program. It runs once, relocates the others by the kernel's own
 * type information, loads them, and leaves their descriptors in its context. So it takes nothing
 * but this system call: no library, no compiler. {@code src/build/bpf} makes its file and says how.
 *
 * <p>For one thread at a time.
 */
public final class BpfSkeleton implements AutoCloseable {
  // include/uapi/linux/bpf.h
  private static final int BPF_MAP_CREATE = 0;
  private static final int BPF_MAP_UPDATE_ELEM = 2;
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_PROG_TEST_RUN = 10;
  private static final int BPF_MAP_TYPE_ARRAY = 2;
  private static final int BPF_PROG_TYPE_SYSCALL = 31;
  private static final int BPF_F_SLEEPABLE = 1 << 4;
  private static final int ATTRIBUTES = 128;
  private static final int INSTRUCTION = 8;
  private static final int MOST_ARGUMENTS = 12; // of a raw tracepoint

  // The context: struct bpf_loader_ctx, bpf_map_desc, bpf_prog_desc of bpf/skel_internal.h.
  private static final int CONTEXT = 24;
  private static final int MAP = 16;
  private static final int PROGRAM = 4;

  private static final int HEAD = 4 * Integer.BYTES;
  private static final int PROT_READ = 1; // include/uapi/asm-generic/mman-common.h
  private static final int MAP_SHARED = 1;

  private static final long SYS_BPF =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> 321; // arch/x86/entry/syscalls/syscall_64.tbl
        case "ppc64le" -> 361;
        default -> 280; // include/uapi/asm-generic/unistd.h
      };

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
  private final MemorySegment attributes = arena.allocate(ATTRIBUTES, Long.BYTES);
  private final MemorySegment arguments = arena.allocate(MOST_ARGUMENTS * Long.BYTES, Long.BYTES);
  private final int[] maps;
  private final int[] programs;

  /**
   * Loads a skeleton.
   *
   * @param file the bytes that src/build/bpf made
   * @throws SystemCallException with EPERM without CAP_BPF and CAP_PERFMON or in a sandbox; with
   *     another error number when this kernel cannot do what the programs ask for
   */
  public BpfSkeleton(byte[] file) throws SystemCallException {
    ByteBuffer head = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    maps = new int[head.getInt()];
    programs = new int[head.getInt()];
    int data = head.getInt();
    try (Arena loading = Arena.ofConfined()) {
      MemorySegment bytes = loading.allocate(file.length, INSTRUCTION);
      MemorySegment.copy(file, 0, bytes, ValueLayout.JAVA_BYTE, 0, file.length);
      MemorySegment code = bytes.asSlice(HEAD + data, head.getInt());
      MemorySegment aligned = loading.allocate(code.byteSize(), INSTRUCTION).copyFrom(code);
      load(loading, bytes.asSlice(HEAD, data), aligned);
    } catch (SystemCallException e) {
      arena.close();
      throw e;
    }
  }

  private void load(Arena loading, MemorySegment data, MemorySegment instructions)
      throws SystemCallException {
    int size = CONTEXT + maps.length * MAP + programs.length * PROGRAM;
    MemorySegment context = loading.allocate(size, Long.BYTES);
    context.set(ValueLayout.JAVA_INT, 0, size);
    int map = createMap(loading, data);
    try {
      int loader = loadLoader(loading, instructions, map);
      try {
        run(loader, context);
      } finally {
        Libc.close(state, loader);
      }
    } finally {
      Libc.close(state, map);
    }
    for (int i = 0; i < maps.length; i++) {
      maps[i] = context.get(ValueLayout.JAVA_INT, CONTEXT + i * MAP);
    }
    for (int i = 0; i < programs.length; i++) {
      programs[i] = context.get(ValueLayout.JAVA_INT, CONTEXT + maps.length * MAP + i * PROGRAM);
    }
  }

  /** An array whose one element is what the loader works with. */
  private int createMap(Arena loading, MemorySegment data) throws SystemCallException {
    // struct { u32 map_type, key_size, value_size, max_entries; ... }
    attributes.fill((byte) 0);
    attributes.set(ValueLayout.JAVA_INT, 0, BPF_MAP_TYPE_ARRAY);
    attributes.set(ValueLayout.JAVA_INT, 4, Integer.BYTES);
    attributes.set(ValueLayout.JAVA_INT, 8, (int) data.byteSize());
    attributes.set(ValueLayout.JAVA_INT, 12, 1);
    int map = bpf(BPF_MAP_CREATE, "BPF_MAP_CREATE");
    // struct { u32 map_fd; u64 key, value, flags; }
    attributes.fill((byte) 0);
    attributes.set(ValueLayout.JAVA_INT, 0, map);
    attributes.set(ValueLayout.JAVA_LONG, 8, loading.allocate(ValueLayout.JAVA_INT).address());
    attributes.set(ValueLayout.JAVA_LONG, 16, data.address());
    try {
      bpf(BPF_MAP_UPDATE_ELEM, "BPF_MAP_UPDATE_ELEM");
      return map;
    } catch (SystemCallException e) {
      Libc.close(state, map);
      throw e;
    }
  }

  private int loadLoader(Arena loading, MemorySegment instructions, int map)
      throws SystemCallException {
    MemorySegment maps = loading.allocateFrom(ValueLayout.JAVA_INT, map);
    // struct { u32 prog_type, insn_cnt; u64 insns, license; u32 log_level, log_size; u64 log_buf;
    //   u32 kern_version, prog_flags; char prog_name[16]; ... u64 fd_array; }
    attributes.fill((byte) 0);
    attributes.set(ValueLayout.JAVA_INT, 0, BPF_PROG_TYPE_SYSCALL);
    attributes.set(ValueLayout.JAVA_INT, 4, (int) instructions.byteSize() / INSTRUCTION);
    attributes.set(ValueLayout.JAVA_LONG, 8, instructions.address());
    attributes.set(ValueLayout.JAVA_LONG, 16, loading.allocateFrom("Dual BSD/GPL").address());
    attributes.set(ValueLayout.JAVA_INT, 44, BPF_F_SLEEPABLE);
    attributes.set(ValueLayout.JAVA_LONG, 120, maps.address());
    return bpf(BPF_PROG_LOAD, "BPF_PROG_LOAD");
  }

  /** Runs a program, which finds {@code arguments} where a tracepoint would have its own. */
  public void run(int program, long... values) throws SystemCallException {
    arguments.fill((byte) 0);
    MemorySegment.copy(values, 0, arguments, ValueLayout.JAVA_LONG, 0, values.length);
    run(programs[program], arguments);
  }

  private void run(int program, MemorySegment context) throws SystemCallException {
    // struct { u32 prog_fd, retval, data_size_in, data_size_out; u64 data_in, data_out;
    //   u32 repeat, duration, ctx_size_in, ctx_size_out; u64 ctx_in, ctx_out; ... }
    attributes.fill((byte) 0);
    attributes.set(ValueLayout.JAVA_INT, 0, program);
    attributes.set(ValueLayout.JAVA_INT, 40, (int) context.byteSize());
    attributes.set(ValueLayout.JAVA_LONG, 48, context.address());
    bpf(BPF_PROG_TEST_RUN, "BPF_PROG_TEST_RUN");
    int returned = attributes.get(ValueLayout.JAVA_INT, 4);
    if (returned < 0) {
      throw new SystemCallException("a program of bpf(2)", -returned);
    }
  }

  private int bpf(int command, String name) throws SystemCallException {
    int result =
        Libc.syscall(state, SYS_BPF, command, attributes.address(), attributes.byteSize(), 0, 0);
    Libc.check("bpf(" + name + ")", state, result);
    return result;
  }

  /**
   * The first bytes of a map that programs share with user space; little-endian, and not to be used
   * when this is closed.
   */
  public ByteBuffer map(int map, int bytes) throws SystemCallException {
    long address = Libc.mmap(state, bytes, PROT_READ, MAP_SHARED, maps[map]);
    return pages(Libc.check("mmap(BPF map)", state, address), bytes)
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @SuppressWarnings("restricted")
  private MemorySegment pages(long address, long length) {
    return MemorySegment.ofAddress(address).reinterpret(length, arena, BpfSkeleton::unmap);
  }

  private static void unmap(MemorySegment pages) {
    try (Arena own = Arena.ofConfined()) {
      Libc.munmap(own.allocate(Libc.ERRNO_LAYOUT), pages);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      for (int map : maps) {
        Libc.close(state, map);
      }
      for (int program : programs) {
        Libc.close(state, program);
      }
      arena.close();
    }
  }
}
