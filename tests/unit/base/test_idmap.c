/* SPDX-License-Identifier: MIT */
#include "base/idmap.h"

#include <glib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void ids_are_never_zero_and_never_used_twice(void **state)
{
	struct idmap *map = idmap_new();
	uint64_t last = 0;
	int value;
	for (int i = 0; i < 1000; i++) {
		uint64_t id = idmap_add(map, &value);
		assert_true(id > last);
		last = id;
		assert_ptr_equal(idmap_take(map, id), &value);
	}
	idmap_free(&map);
	assert_null(map);
	idmap_free(&map);
}

static void taken_one_is_found_no_more(void **state)
{
	struct idmap *map = idmap_new();
	int a, b;
	uint64_t id_a = idmap_add(map, &a), id_b = idmap_add(map, &b);
	assert_int_equal(idmap_size(map), 2);
	assert_ptr_equal(idmap_find(map, id_a), &a);
	assert_ptr_equal(idmap_take(map, id_a), &a);
	assert_null(idmap_find(map, id_a));
	assert_null(idmap_take(map, id_a));
	assert_ptr_equal(idmap_find(map, id_b), &b);
	assert_int_equal(idmap_size(map), 1);
	idmap_free(&map);
}

static void unknown_ids_find_nothing(void **state)
{
	struct idmap *map = idmap_new();
	assert_null(idmap_find(map, 0));
	assert_null(idmap_find(map, 1));
	assert_null(idmap_take(map, UINT64_MAX));
	idmap_free(&map);
}

struct visit {
	struct idmap *map;
	int calls;
};

static void take_it(void *ctx, uint64_t id, void *value)
{
	struct visit *visit = ctx;
	visit->calls++;
	(*(int *)value)++;
	assert_ptr_equal(idmap_take(visit->map, id), value);
}

static void each_may_take_its_entry(void **state)
{
	struct visit visit = { idmap_new(), 0 };
	int seen[1000] = { 0 };
	for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
		idmap_add(visit.map, &seen[i]);
	idmap_each(visit.map, take_it, &visit);
	assert_int_equal(visit.calls, G_N_ELEMENTS(seen));
	for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
		assert_int_equal(seen[i], 1);
	assert_int_equal(idmap_size(visit.map), 0);
	idmap_free(&visit.map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_never_zero_and_never_used_twice),
		cmocka_unit_test(taken_one_is_found_no_more),
		cmocka_unit_test(unknown_ids_find_nothing),
		cmocka_unit_test(each_may_take_its_entry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
