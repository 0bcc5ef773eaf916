/** What the agent tells the service manager that has started it. */
@NullMarked
package io.github.portpool.service;

import org.jspecify.annotations.NullMarked;
