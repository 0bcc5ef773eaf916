package io.github.portpool.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Why something failed, without null, without nothing, and without the name of a class. */
class TroubleTest {
  static Stream<Arguments> troubles() {
    return Stream.of(
        Arguments.of(new IOException("Is a directory"), "Is a directory"),
        Arguments.of(new NoSuchFileException("/x"), "no such file or directory"),
        Arguments.of(new AccessDeniedException("/x"), "permission denied"),
        Arguments.of(new FileSystemException("/x", null, "No space left"), "No space left"),
        Arguments.of(new MalformedInputException(1), "it is not UTF-8 text"),
        Arguments.of(new UnknownHostException("db"), "there is no host db"),
        Arguments.of(new UnsupportedAddressTypeException(), "IPv6 is switched off here"),
        Arguments.of(new UnresolvedAddressException(), "unresolved address"),
        Arguments.of(new ClosedChannelException(), "closed channel"),
        Arguments.of(new ConnectException(), "nobody answers there"),
        Arguments.of(new EOFException(" "), "eof"),
        Arguments.of(new StackOverflowError(), "stack overflow"),
        Arguments.of(new ExecutionException(new ClosedChannelException()), "closed channel"),
        Arguments.of(new IOException(new IOException("Broken pipe")), "Broken pipe"));
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void theReasonIsSaid(Throwable thrown, String reason) {
    assertEquals(reason, Trouble.reason(thrown));
  }
}
