/* Connects over loopback again and again: for each number that it reads, that many times, and then
   it prints how many nanoseconds one took. Each connection is accepted and reset, so that nothing
   of it stays. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT 8080

static void check(int result, const char *call) {
  if (result < 0) {
    perror(call);
    exit(1);
  }
}

static double nanoseconds(void) {
  struct timespec now;
  check(clock_gettime(CLOCK_MONOTONIC, &now), "clock_gettime");
  return 1e9 * now.tv_sec + now.tv_nsec;
}

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  long times;
  int server = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(server, (struct sockaddr *)&address, sizeof address), "bind");
  check(listen(server, 1), "listen");
  while (scanf("%ld", &times) == 1) {
    double start = nanoseconds();
    for (long i = 0; i < times; i++) {
      int client = socket(AF_INET, SOCK_STREAM, 0);
      check(setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), "setsockopt");
      check(connect(client, (struct sockaddr *)&address, sizeof address), "connect");
      int accepted = accept(server, NULL, NULL);
      check(accepted, "accept");
      close(client);
      close(accepted);
    }
    printf("%.0f\n", (nanoseconds() - start) / times);
    fflush(stdout);
  }
  return 0;
}
