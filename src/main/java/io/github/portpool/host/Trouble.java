package io.github.portpool.host;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/**
 * Why something failed, in a person's words: of its exceptions Java gives many no message, some the
 * name of a file alone, and others the name of a class.
 */
public final class Trouble {
  private Trouble() {}

  /** The reason, which is never empty; without the name of a file. */
  public static String reason(Throwable e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file or directory";
      case AccessDeniedException denied -> "permission denied";
      case FileAlreadyExistsException there -> "it exists already";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      case CharacterCodingException strange -> "it is not UTF-8 text";
      case UnknownHostException unknown -> "there is no host " + unknown.getMessage();
      case UnsupportedAddressTypeException old -> "IPv6 is switched off here";
      case ConnectException none when none.getMessage() == null -> "nobody answers there";
      default -> said(e);
    };
  }

  /** The message, else that of what caused it, else what its class is called. */
  private static String said(Throwable e) {
    Throwable cause = e.getCause();
    String message = e.getMessage();
    if (message == null
        || message.isBlank()
        || (cause != null && message.equals(cause.toString()))) {
      return cause == null ? words(e.getClass().getSimpleName()) : reason(cause);
    }
    return message;
  }

  /** {@code ClosedChannelException} is a closed channel. */
  private static String words(String name) {
    return name.replaceFirst("(?<=.)(Exception|Error)$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }
}
