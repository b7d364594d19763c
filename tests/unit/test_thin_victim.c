/* polished: what only the victim can serve; of full and of tiny sizes. */
#include "thin_heap.h"

/* Each size comes to it, in whichever bin it would be. */
static void the_victim_may_be_all_there_is(void **state)
{
    static const struct polished_request request = {1, 8, 0, 0};

    (void)state;
    for (polished_size need = 2; need < 40; need++) {
        polished_size hole, size_bytes = need * 8 - 4;

        open_heap(8);
        hole = get(size_bytes + 16);
        get(12); /* one beside it, at whichever end */
        get(124);
        put(hole);
        assert_true(get(12) == hole);
        while (polished_largest(&heap, &request) > size_bytes)
            get(polished_largest(&heap, &request));
        assert_true(polished_largest(&heap, &request) == size_bytes);
        assert_true(get(size_bytes) == hole + 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_victim_may_be_all_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
