/* SPDX-License-Identifier: MIT */
/* What a server sends to who logs in: an end stays one, the password is not told in the clear. The first byte
 * is the size of the pieces; 255: a challenge of SCRAM and a line for its proof follow instead. */
#include "xmpp/client_auth.h"
#include "xmpp/scram.h"

#include <stdint.h>

enum { OUTPUT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_scram(const char *bytes, size_t n)
{
	struct scram *scram = scram_new(n % 2 ? SCRAM_SHA_1 : SCRAM_SHA_256, "romeo", "secret", "n");
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_strndup(bytes, n);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 2);
	g_autofree char *answer = lines[0] ? scram_final(scram, lines[0], &error) : NULL;
	g_assert(!lines[0] || !answer == !!error);
	if (answer)
		g_assert(g_str_has_prefix(answer, "c=biws,r=n"));
	g_assert(!lines[0] || !lines[1] || !scram_is_proof(scram, lines[1]) || answer);
	scram_free(&scram);
}

static void run_stream(const char *bytes, size_t n, size_t piece)
{
	struct client_auth *auth = client_auth_new("localhost", "romeo", "secret", false);
	enum client_auth_step step = CLIENT_AUTH_MORE;
	bool encrypted = false;
	struct buf out;
	buf_init(&out, OUTPUT_MAX);
	client_auth_open(auth, &out);
	for (size_t at = 0; at < n; at += piece) {
		g_autoptr(GError) error = NULL;
		size_t length = MIN(piece, n - at);
		/* In a block of its own, so that reading past it is seen. */
		g_autofree char *block = g_memdup2(bytes + at, length);
		enum client_auth_step before = step;
		step = client_auth_feed(auth, block, length, &out, &error);
		g_assert(before == CLIENT_AUTH_MORE || step == before);
		g_assert((step == CLIENT_AUTH_REFUSED || step == CLIENT_AUTH_FAILED) == !!error);
		g_assert(!error || *error->message);
		if (step == CLIENT_AUTH_START_TLS) {
			encrypted = true;
			client_auth_open(auth, &out);
			step = CLIENT_AUTH_MORE;
		}
		g_autofree char *said = g_strndup(buf_data(&out), buf_len(&out));
		g_assert(encrypted || !strstr(said, "PLAIN"));
	}
	client_auth_free(&auth);
	buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] == 255)
		run_scram((const char *)data + 1, size - 1);
	else
		run_stream((const char *)data + 1, size - 1, data[0] + 1u);
	return 0;
}
