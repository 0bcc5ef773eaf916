/**
 * The program as its users meet it: started as a process of its own, in network namespaces of the
 * tests. Here are the parts that all of these tests share; the tests lie by subject:
 *
 * <ul>
 *   <li>{@code commands}: what the command line answers, and where options come from
 *   <li>{@code web}: the HTTP server, its API and its pages in a browser
 *   <li>{@code monitoring}: metrics, alerts and dashboards, with a real Prometheus
 *   <li>{@code daemon}: the running agent: its rights, faults, its end, a long day
 *   <li>{@code library}: applications that use the jar
 *   <li>{@code packaging}: the Debian package, the tarball, the container image
 * </ul>
 */
package io.github.portpool.e2e;
