/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "xmpp/scram.h"

#define NONCE     "fyko+d2lbbFgONRv9qkxdawL"
#define CHALLENGE "r=" NONCE "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"

static void check(enum scram_hash hash, const char *nonce, const char *challenge, const char *final, const char *proof)
{
	struct scram *scram = scram_new(hash, "user", "pencil", nonce);
	g_autofree char *wanted = g_strdup_printf("n,,n=user,r=%s", nonce);
	g_autofree char *first = scram_first(scram);
	assert_string_equal(first, wanted);
	/* Nothing proves anything before it was asked. */
	assert_false(scram_is_proof(scram, proof));
	g_autofree char *answer = scram_final(scram, challenge, NULL);
	assert_string_equal(answer, final);
	assert_true(scram_is_proof(scram, proof));
	scram_free(&scram);
	assert_null(scram);
	scram_free(&scram);
}

static void the_examples_of_the_rfcs_hold(void **state)
{
	/* RFC 5802, section 5; RFC 7677, section 3. */
	check(SCRAM_SHA_1, NONCE, CHALLENGE,
	      "c=biws,r=" NONCE "3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
	check(SCRAM_SHA_256, "rOprNGfwEbeRWgbNEkqO",
	      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
	      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	      "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	      "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

static void names_are_prepared_and_escaped(void **state)
{
	struct scram *scram = scram_new(SCRAM_SHA_1, "a,b=c\xc2\xad\xe2\x85\xa8", "x", "n");
	g_autofree char *first = scram_first(scram);
	assert_string_equal(first, "n,,n=a=2Cb=3DcIX,r=n");
	scram_free(&scram);
	assert_null(scram_new(SCRAM_SHA_1, "user", "", "n"));
	assert_null(scram_new(SCRAM_SHA_1, "", "x", "n"));
	assert_null(scram_new(SCRAM_SHA_1, "user", "a\x07", "n"));
	assert_null(scram_new(SCRAM_SHA_1, "\xff", "x", "n"));
}

static void nonsense_is_no_challenge(void **state)
{
	static const char *const challenges[] = {
		"",
		"r=" NONCE "x",
		"r=" NONCE "x,s=QSXC",
		"r=" NONCE ",s=QSXC,i=4096",         /* nothing of the server's own */
		"r=other,s=QSXC,i=4096",             /* another login's */
		"m=x,r=" NONCE "x,s=QSXC,i=4096",    /* a mandatory extension */
		"s=QSXC,r=" NONCE "x,i=4096",        /* out of order */
		"r=" NONCE "x,s=,i=4096",            /* no salt */
		"r=" NONCE "x,s=!!!!,i=4096",        /* none either */
		"r=" NONCE "x,s=QSXC,i=0",           /* no work */
		"r=" NONCE "x,s=QSXC,i=-1",          /* a number? */
		"r=" NONCE "x,s=QSXC,i=99999999999", /* work for ever */
		"r=" NONCE "x,s=QSXC,i=65537",       /* over our limit */
		"r=" NONCE "x,s=QSXC,i=4096x",       /* a number? */
		"e=other-error,s=QSXC,i=4096",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(challenges); i++) {
		g_autoptr(GError) error = NULL;
		struct scram *scram = scram_new(SCRAM_SHA_1, "user", "pencil", NONCE);
		if (scram_final(scram, challenges[i], &error))
			fail_msg("taken: %s", challenges[i]);
		assert_true(g_error_matches(error, SCRAM_ERROR, SCRAM_ERROR_CHALLENGE));
		assert_false(scram_is_proof(scram, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="));
		scram_free(&scram);
	}
}

static void a_challenge_has_an_end(void **state)
{
	struct scram *scram = scram_new(SCRAM_SHA_1, "user", "pencil", NONCE);
	g_autofree char *long_one = g_strnfill(1 << 20, 'x');
	g_autofree char *challenge = g_strdup_printf("%s,x=%s", CHALLENGE, long_one);
	assert_null(scram_final(scram, challenge, NULL));
	scram_free(&scram);
}

static void what_proves_nothing_is_no_proof(void **state)
{
	static const char *const messages[] = { "",
						"v=",
						"v=rmF9pqV8S7suAoZWja4dJRkFsK",
						"e=invalid-proof",
						"v=!",
						"rmF9pqV8S7suAoZWja4dJRkFsKQ=",
						"v=smF9pqV8S7suAoZWja4dJRkFsKQ=" };
	struct scram *scram = scram_new(SCRAM_SHA_1, "user", "pencil", NONCE);
	g_autofree char *answer = scram_final(scram, CHALLENGE, NULL);
	assert_non_null(answer);
	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++)
		assert_false(scram_is_proof(scram, messages[i]));
	assert_true(scram_is_proof(scram, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=later"));
	scram_free(&scram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_rfcs_hold),   cmocka_unit_test(names_are_prepared_and_escaped),
		cmocka_unit_test(nonsense_is_no_challenge),        cmocka_unit_test(a_challenge_has_an_end),
		cmocka_unit_test(what_proves_nothing_is_no_proof),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
