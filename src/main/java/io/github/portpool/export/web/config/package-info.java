/** The web configuration file: TLS, client certificates, users and their passwords, headers. */
@NullMarked
package io.github.portpool.export.web.config;

import org.jspecify.annotations.NullMarked;
