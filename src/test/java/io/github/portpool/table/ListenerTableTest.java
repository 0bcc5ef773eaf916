package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ListenerTableTest {
  @Test
  void holdsEachListenerOnceInOrder() {
    ListenerTable table = new ListenerTable(5000);
    Random random = new Random(4);
    for (int pass = 0; pass < 3; pass++) {
      TreeSet<String> model = new TreeSet<>();
      table.begin();
      for (int i = 0; i < 3000; i++) {
        SocketEntry socket = listener(random.nextInt(65_536), 0xffff_fff0L + random.nextInt(16));
        socket.protocol = random.nextInt(3) == 0 ? Protocol.UDP : Protocol.TCP;
        socket.uid = (int) socket.inode;
        socket.controlGroup = -socket.inode;
        table.add(socket);
        table.add(socket);
        model.add(key(socket.protocol, socket.localPort, socket.inode));
      }
      assertEquals(model.size(), table.rows());
      assertEquals(0, table.untracked());
      int row = 0;
      for (String expected : model) {
        assertEquals(expected, key(table.protocol(row), table.port(row), table.inode(row)));
        assertEquals((int) table.inode(row), table.uid(row));
        assertEquals(-table.inode(row), table.controlGroup(row));
        row++;
      }
    }
  }

  @Test
  void countsWhatDoesNotFit() {
    ListenerTable table = new ListenerTable(3);
    for (int pass = 0; pass < 2; pass++) {
      table.begin();
      for (int port = 5; port > 0; port--) {
        table.add(listener(port, 1));
        table.add(listener(5, 1));
      }
      assertEquals(3, table.rows());
      assertEquals(2, table.untracked());
      assertEquals(3, table.port(0));
      assertEquals(5, table.port(2));
    }
  }

  private static SocketEntry listener(int port, long inode) {
    SocketEntry socket = SocketEntries.withoutPeer(SocketState.LISTEN, "0.0.0.0", port);
    socket.inode = inode;
    return socket;
  }

  private static String key(Protocol protocol, int port, long inode) {
    return "%d %05d %010d".formatted(protocol.ordinal(), port, inode);
  }
}
