package io.github.portpool.lookup;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.Namespace;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.ScriptedKernel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Namespaces whose kernels answer with the bytes of a test. */
final class ScriptedNamespaces implements NamespaceSource {
  private final List<Namespace> namespaces = new ArrayList<>();
  private int untracked;

  private record Scripted(String name, ScriptedKernel kernel, long sockets) implements Namespace {
    @Override
    public int capacity() {
      return 1;
    }

    @Override
    public SocketSource open() throws SourceException {
      return new SockDiagSource(name, kernel);
    }

    @Override
    public ConntrackSource openConntrack() throws SourceException {
      throw new SourceException(Reason.SOCKET, "nobody asks for it");
    }
  }

  ScriptedNamespaces add(String name, ScriptedKernel kernel, long sockets) {
    namespaces.add(new Scripted(name, kernel, sockets));
    return this;
  }

  ScriptedNamespaces untracked(int count) {
    untracked = count;
    return this;
  }

  @Override
  public Map<Feature, String> unavailable() {
    return Map.of();
  }

  @Override
  public List<Namespace> namespaces() {
    return namespaces;
  }

  @Override
  public OptionalInt untracked() {
    return OptionalInt.of(untracked);
  }

  @Override
  public String name(long inode) {
    return "";
  }

  @Override
  public void close() {
    namespaces.clear();
  }
}
