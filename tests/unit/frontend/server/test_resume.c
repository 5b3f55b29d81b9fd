/* SPDX-License-Identifier: MIT */
#include "frontend/server/csi.h"
#include "frontend/server/nonza.h"
#include "frontend/server/resume.h"
#include "frontend/server/sm.h"
#include "lines.h"

#define STRANGER "stranger@localhost"

static const char *const short_time[] = { "service.resume_time=1", NULL };

static int setup(void **state)
{
	*state = lines_new(NULL);
	return 0;
}

static int setup_short(void **state)
{
	*state = lines_new(short_time);
	return 0;
}

static int teardown(void **state)
{
	lines_free(*state);
	return 0;
}

/* By which it is asked for; to be freed. */
static char *offer(struct resource *resource)
{
	return g_strdup(nonza_begin(resource, true));
}

struct taken {
	uint32_t h;
	bool known;
};

static struct resource *take(struct lines *lines, const char *bare, const char *id, uint32_t h, struct taken *taken)
{
	struct xmpp_c2s_resume resume = { .previd = id, .h = h };
	*taken = (struct taken){ 99, false };
	return resume_take(&lines->server, str_of(bare), &resume, &taken->h, &taken->known);
}

static void attach(struct lines *lines, struct resource *resource, unsigned line)
{
	resource->client = &lines->line[line].client;
	lines->line[line].client.resource = resource;
	resume_write_again(resource);
}

static void names_cannot_be_guessed(void **state)
{
	struct lines *lines = *state;
	g_autofree char *a = offer(lines_resource(lines, USER, "a", 0));
	g_autofree char *b = offer(lines_resource(lines, USER, "b", 1));
	assert_true(strlen(a) >= 22);
	assert_string_not_equal(a, b);
}

static void what_was_lost_is_written_again_and_once(void **state)
{
	struct lines *lines = *state;
	struct taken taken;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	g_autofree char *id = offer(resource);
	lines_put(resource, "<message>1</message>");
	lines_put(resource, "<message>2</message>");
	sm_handled(resource->sm);
	lines_cut(lines, 0);
	assert_true(resume_wait(resource));
	lines_put(resource, "<message>3</message>");
	assert_ptr_equal(take(lines, USER, id, 1, &taken), resource);
	assert_int_equal(taken.h, 1);
	attach(lines, resource, 1);
	lines_expect(lines, 1, "<message>2</message><message>3</message><r xmlns='urn:xmpp:sm:3'/>");
	assert_true(lines->line[1].allowed > 0);
	lines_put(resource, "<message>4</message>");
	lines_expect(lines, 1, "<message>4</message>");
	/* And again by the same name. */
	lines_cut(lines, 1);
	assert_true(resume_wait(resource));
	assert_ptr_equal(take(lines, USER, id, 3, &taken), resource);
	attach(lines, resource, 2);
	lines_expect(lines, 2, "<message>4</message><r xmlns='urn:xmpp:sm:3'/>");
}

static void of_the_presences_it_missed_it_gets_the_newest(void **state)
{
	struct lines *lines = *state;
	struct taken taken;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	g_autofree char *id = offer(resource);
	lines_cut(lines, 0);
	assert_true(resume_wait(resource));
	lines_put(resource, "<presence from='x'>1</presence>");
	lines_put(resource, "<presence from='x'>2</presence>");
	assert_ptr_equal(take(lines, USER, id, 0, &taken), resource);
	attach(lines, resource, 0);
	lines_expect(lines, 0, "<presence from='x'>2</presence>");
	/* XEP-0352, section 5.2: whoever it was before, it is active now. */
	assert_null(resource->csi);
	assert_int_equal(sm_count(resource->sm), 1);
}

static void nobody_takes_what_is_anothers(void **state)
{
	struct lines *lines = *state;
	struct taken taken;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	g_autofree char *id = offer(resource);
	lines_cut(lines, 0);
	assert_true(resume_wait(resource));
	assert_null(take(lines, STRANGER, id, 0, &taken));
	assert_false(taken.known);
	assert_null(take(lines, USER, "x", 0, &taken));
	assert_false(taken.known);
	assert_null(take(lines, USER, "", 0, &taken));
	assert_ptr_equal(take(lines, USER, id, 0, &taken), resource);
	attach(lines, resource, 0);
}

static void a_client_that_is_still_there_goes(void **state)
{
	struct lines *lines = *state;
	struct taken taken;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	g_autofree char *id = offer(resource);
	/* Not for a stranger. */
	assert_null(take(lines, STRANGER, id, 0, &taken));
	assert_false(lines->line[0].ended);
	assert_ptr_equal(take(lines, USER, id, 0, &taken), resource);
	assert_true(lines->line[0].ended);
	assert_int_equal(lines->line[0].error, XMPP_C2S_CONFLICT);
	attach(lines, resource, 1);
}

static void who_confirms_too_much_is_nobody(void **state)
{
	struct lines *lines = *state;
	struct taken taken;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	g_autofree char *id = offer(resource);
	sm_handled(resource->sm);
	assert_null(take(lines, USER, id, 1, &taken));
	assert_true(taken.known);
	assert_int_equal(taken.h, 1);
	assert_false(lines->line[0].ended);
}

static void who_does_not_come_is_gone_and_his_count_is_known(void **state)
{
	struct lines *lines = *state;
	struct taken taken;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	g_autofree char *id = offer(resource);
	sm_handled(resource->sm);
	lines_cut(lines, 0);
	assert_true(resume_wait(resource));
	lines_each_freed(lines, (const char *const[]){ NULL });
	wait_for(lines->fakes, lines->freed->len);
	lines_each_freed(lines, (const char *const[]){ USER "/a", NULL });
	assert_null(take(lines, USER, id, 0, &taken));
	assert_true(taken.known);
	assert_int_equal(taken.h, 1);
	assert_null(take(lines, STRANGER, id, 0, &taken));
	assert_false(taken.known);
}

static void who_came_back_is_not_waited_for(void **state)
{
	struct lines *lines = *state;
	struct taken taken;
	struct resource *one = lines_resource(lines, USER, "a", 0), *two = lines_resource(lines, STRANGER, "b", 1);
	g_autofree char *id = offer(one);
	g_free(offer(two));
	lines_cut(lines, 0);
	lines_cut(lines, 1);
	assert_true(resume_wait(one));
	assert_true(resume_wait(two));
	assert_ptr_equal(take(lines, USER, id, 0, &taken), one);
	attach(lines, one, 0);
	wait_for(lines->fakes, lines->freed->len);
	lines_each_freed(lines, (const char *const[]){ STRANGER "/b", NULL });
}

static void who_did_not_ask_for_it_is_not_waited_for(void **state)
{
	struct lines *lines = *state;
	struct resource *plain = lines_resource(lines, USER, "a", 0), *counted = lines_resource(lines, USER, "b", 1);
	assert_string_equal(nonza_begin(counted, false), "");
	lines_cut(lines, 0);
	lines_cut(lines, 1);
	assert_false(resume_wait(plain));
	assert_false(resume_wait(counted));
	resource_free(plain);
	resource_free(counted);
}

static void it_can_be_switched_off(void **state)
{
	struct lines *lines = lines_new((const char *const[]){ "service.resume_time=0", NULL });
	assert_string_equal(nonza_begin(lines_resource(lines, USER, "a", 0), true), "");
	lines_free(lines);
}

static void nobody_waits_for_a_server_that_closes(void **state)
{
	struct lines *lines = *state;
	struct resource *resource = lines_resource(lines, USER, "a", 0);
	g_free(offer(resource));
	lines->server.closing = true;
	lines_cut(lines, 0);
	assert_false(resume_wait(resource));
	resource_free(resource);
}

static void so_many_wait_and_the_oldest_goes(void **state)
{
	struct lines *lines = *state;
	struct resource *last = NULL;
	for (unsigned i = 0; i <= RESUME_WAITING_MAX; i++) {
		g_autofree char *name = g_strdup_printf("%u", i);
		last = lines_resource(lines, USER, name, 0);
		nonza_begin(last, true);
		lines_cut(lines, 0);
		assert_true(resume_wait(last));
	}
	lines_each_freed(lines, (const char *const[]){ USER "/0", NULL });
	g_ptr_array_set_size(lines->freed, 0);
	wait_for(lines->fakes, lines->freed->len == RESUME_WAITING_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_cannot_be_guessed, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_lost_is_written_again_and_once, setup, teardown),
		cmocka_unit_test_setup_teardown(of_the_presences_it_missed_it_gets_the_newest, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_takes_what_is_anothers, setup, teardown),
		cmocka_unit_test_setup_teardown(a_client_that_is_still_there_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(who_confirms_too_much_is_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(who_does_not_come_is_gone_and_his_count_is_known, setup_short,
						teardown),
		cmocka_unit_test_setup_teardown(who_came_back_is_not_waited_for, setup_short, teardown),
		cmocka_unit_test_setup_teardown(who_did_not_ask_for_it_is_not_waited_for, setup, teardown),
		cmocka_unit_test(it_can_be_switched_off),
		cmocka_unit_test_setup_teardown(nobody_waits_for_a_server_that_closes, setup, teardown),
		cmocka_unit_test_setup_teardown(so_many_wait_and_the_oldest_goes, setup_short, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
