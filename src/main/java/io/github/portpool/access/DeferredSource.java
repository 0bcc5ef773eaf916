package io.github.portpool.access;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketSink;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source that is opened when it is first read or before, and again as long as that fails. */
final class DeferredSource implements SocketSource {
  private static final System.Logger LOG = System.getLogger(DeferredSource.class.getName());

  private final SourceChoice choice;
  private @Nullable SocketSource opened;

  DeferredSource(SourceChoice choice) {
    this.choice = choice;
  }

  /** Opens it if that works. */
  void prepare() {
    try {
      open();
    } catch (SourceException e) {
      LOG.log(Level.DEBUG, "not open yet: {0}", e.message());
    }
  }

  @Override
  public String name() {
    return choice.name();
  }

  @Override
  public Map<Feature, String> unavailable() {
    return opened == null ? Map.of() : opened.unavailable();
  }

  @Override
  public void read(SocketSink sink) throws SourceException {
    open().read(sink);
  }

  @Override
  public void readPorts(PortSet ports, SocketSink sink) throws SourceException {
    open().readPorts(ports, sink);
  }

  private SocketSource open() throws SourceException {
    SocketSource source = opened;
    if (source == null) {
      source = choice.open();
      opened = source;
    }
    return source;
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
