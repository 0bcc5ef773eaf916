/** The web server, whatever it serves: addresses, TLS, connections, and who may see what. */
@NullMarked
package io.github.portpool.export.web.server;

import org.jspecify.annotations.NullMarked;
