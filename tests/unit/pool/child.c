/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A backend process for tests. Its first argument is what it does. */

enum { PING = 9, LOGIN = 3, EXIT = 29 };

static const char *option(char **argv, const char *name)
{
	for (; *argv; argv++)
		if (strcmp(*argv, name) == 0)
			return argv[1];
	return NULL;
}

static int connect_home(char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	address.sin_port = htons((uint16_t)g_ascii_strtoull(option(argv, "--port"), NULL, 10));
	inet_pton(AF_INET, option(argv, "--host"), &address.sin_addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		exit(9);
	return fd;
}

static bool read_all(int fd, unsigned char *p, size_t n)
{
	while (n > 0) {
		ssize_t got = read(fd, p, n);
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

/* The type of the next frame; 0 when there is none. */
static int next_frame(int fd)
{
	static unsigned char frame[65536];
	if (!read_all(fd, frame, 4))
		return 0;
	size_t n = (size_t)frame[2] << 8 | frame[3];
	return read_all(fd, frame, n) ? frame[1] : 0;
}

static void send_pong(int fd)
{
	static const unsigned char pong[] = { 0, 0, 0, 2, 8, 10 };
	if (write(fd, pong, sizeof(pong)) < 0)
		exit(8);
}

/* mute: answers once, then never; crash: dies at the first login; else a good backend. */
static int serve(char **argv)
{
	bool mute = strcmp(argv[1], "mute") == 0, crash = strcmp(argv[1], "crash") == 0, answered = false;
	int fd = connect_home(argv);
	for (;;) {
		int type = next_frame(fd);
		if (type == 0)
			return 5;
		if (type == EXIT)
			return 0;
		if (type == PING && !(mute && answered)) {
			send_pong(fd);
			answered = true;
		}
		if (type == LOGIN && crash) {
			fputs("these are my last words\n", stderr);
			return 7;
		}
	}
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	if (strcmp(mode, "args") == 0) {
		for (int i = 0; i < argc; i++)
			fprintf(stderr, "arg %s\n", argv[i]);
		char *cwd = g_get_current_dir();
		fprintf(stderr, "cwd %s\n", cwd);
		g_free(cwd);
		return 3;
	}
	if (strcmp(mode, "stubborn") == 0)
		signal(SIGTERM, SIG_IGN);
	if (strcmp(mode, "sleep") != 0 && strcmp(mode, "stubborn") != 0)
		return serve(argv);
	fputs("I sleep\n", stderr);
	for (;;)
		pause();
}
