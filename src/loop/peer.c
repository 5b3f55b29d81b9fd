/* SPDX-License-Identifier: MIT */
#include "loop/peer.h"

#include <arpa/inet.h>
#include <glib.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct endpoint {
	int family;        /* AF_INET, AF_INET6, or 0 for anything else */
	uint32_t words[4]; /* the address in network order; one word for IPv4 */
	uint16_t port;     /* network order */
};

static struct endpoint read_endpoint(const struct sockaddr *address)
{
	struct endpoint end = { 0 };
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
		end = (struct endpoint){ .family = AF_INET, .words = { in->sin_addr.s_addr }, .port = in->sin_port };
	} else if (address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
		bool mapped = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr);
		end.family = mapped ? AF_INET : AF_INET6;
		end.port = in6->sin6_port;
		memcpy(end.words, in6->sin6_addr.s6_addr + (mapped ? 12 : 0), mapped ? 4 : 16);
	}
	return end;
}

char *peer_text(const struct sockaddr *address)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct endpoint end = read_endpoint(address);
	if (end.family == 0)
		return g_strdup("unknown peer");
	inet_ntop(end.family, end.words, text, sizeof text);
	return g_strdup_printf(end.family == AF_INET6 ? "[%s]:%u" : "%s:%u", text, ntohs(end.port));
}

bool peer_is_loopback(const struct sockaddr *address)
{
	struct endpoint end = read_endpoint(address);
	if (end.family == AF_INET)
		return ntohl(end.words[0]) >> 24 == 127;
	return end.family == AF_INET6 && IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)end.words);
}

/* A socket without inode is held by no process (closed, or in TIME_WAIT): the kernel reports user id 0 for it,
 * which must not pass for root. */
static bool accept_uid(uint32_t inode, uint32_t found, uid_t *uid)
{
	if (inode != 0)
		*uid = found;
	return inode != 0;
}

struct diag_query {
	struct nlmsghdr head;
	struct inet_diag_req_v2 body;
};

static int ask_kernel(const struct endpoint *peer, const struct endpoint *local)
{
	struct diag_query query = {
		.head = { .nlmsg_len = sizeof query, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST },
		.body = { .sdiag_family = (uint8_t)peer->family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0U },
	};
	struct inet_diag_sockid *id = &query.body.id;
	id->idiag_sport = peer->port;
	id->idiag_dport = local->port;
	memcpy(id->idiag_src, peer->words, sizeof id->idiag_src);
	memcpy(id->idiag_dst, local->words, sizeof id->idiag_dst);
	id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (fd >= 0 && send(fd, &query, sizeof query, 0) != (ssize_t)sizeof query) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The kernel has answered before send() returned, so nothing waits here. */
static bool read_answer(int fd, struct inet_diag_msg *found)
{
	union {
		struct nlmsghdr head;
		char bytes[8192];
	} answer;
	ssize_t n = recv(fd, &answer, sizeof answer, MSG_DONTWAIT);
	if (n < 0 || !NLMSG_OK(&answer.head, (size_t)n) || answer.head.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    answer.head.nlmsg_len < NLMSG_LENGTH(sizeof *found))
		return false;
	memcpy(found, NLMSG_DATA(&answer.head), sizeof *found);
	return true;
}

static bool uid_by_diag(const struct endpoint *peer, const struct endpoint *local, uid_t *uid)
{
	struct inet_diag_msg found;
	int fd = ask_kernel(peer, local);
	bool ok = fd >= 0 && read_answer(fd, &found);
	if (fd >= 0)
		close(fd);
	/* A listening socket is found where no connection is. */
	return ok && found.id.idiag_sport == peer->port && found.id.idiag_dport == local->port &&
	       accept_uid(found.idiag_inode, found.idiag_uid, uid);
}

/* As /proc/net/tcp and tcp6 write an address: words as the machine reads them, then the port. */
static void append_hex(GString *text, const struct endpoint *end, bool wide)
{
	if (wide && end->family == AF_INET)
		g_string_append_printf(text, "%08X%08X%08X", 0U, 0U, htonl(0xffffU));
	for (int i = 0; i < (end->family == AF_INET ? 1 : 4); i++)
		g_string_append_printf(text, "%08X", end->words[i]);
	g_string_append_printf(text, ":%04X", ntohs(end->port));
}

/* "  sl: LOCAL REMOTE state queues timer:when retransmits uid timeout inode ..." */
static bool match_line(const char *line, const char *ends, uid_t *uid)
{
	unsigned found, inode;
	const char *at = strchr(line, ':');
	if (!at || strncmp(at + 2, ends, strlen(ends)) != 0)
		return false;
	return sscanf(at + 2 + strlen(ends), " %*x %*x:%*x %*x:%*x %*x %u %*u %u", &found, &inode) == 2 &&
	       accept_uid(inode, found, uid);
}

static bool uid_in_table(const char *path, const struct endpoint *peer, const struct endpoint *local, bool wide,
			 uid_t *uid)
{
	bool ok = false;
	char line[512];
	g_autoptr(GString) ends = g_string_new(NULL);
	append_hex(ends, peer, wide);
	g_string_append_c(ends, ' ');
	append_hex(ends, local, wide);
	FILE *table = fopen(path, "re");
	while (table && !ok && fgets(line, sizeof line, table))
		ok = match_line(line, ends->str, uid);
	if (table)
		fclose(table);
	return ok;
}

bool peer_uid_by_table(const struct sockaddr *peer, const struct sockaddr *local, uid_t *uid)
{
	struct endpoint from = read_endpoint(peer), to = read_endpoint(local);
	if (from.family == 0 || from.family != to.family)
		return false;
	return (from.family == AF_INET && uid_in_table("/proc/net/tcp", &from, &to, false, uid)) ||
	       uid_in_table("/proc/net/tcp6", &from, &to, true, uid);
}

bool peer_uid_of_tcp(const struct sockaddr *peer, const struct sockaddr *local, uid_t *uid)
{
	struct endpoint from = read_endpoint(peer), to = read_endpoint(local);
	if (from.family == 0 || from.family != to.family)
		return false;
	return uid_by_diag(&from, &to, uid) || peer_uid_by_table(peer, local, uid);
}

bool peer_uid_of_unix(int fd, uid_t *uid)
{
	struct ucred peer;
	socklen_t length = sizeof peer;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
		return false;
	*uid = peer.uid;
	return true;
}
