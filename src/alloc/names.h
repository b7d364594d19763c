/*
 * alloc/names.h - what the linker sees of the names that files of alloc share.
 *
 * The library is linked into kernels that have a tree_insert of their own, so
 * every name in it begins with polished_; two underscores: it is not for
 * others.  Included by the compiler's command line; tests/gates/symbols.t
 * says which name is missing.
 */
#ifndef ALLOC_NAMES_H
#define ALLOC_NAMES_H

#define area_check               polished__area_check
#define area_control_bytes       polished__area_control_bytes
#define area_extend              polished__area_extend
#define area_free                polished__area_free
#define area_highest             polished__area_highest
#define area_init                polished__area_init
#define area_keeps               polished__area_keeps
#define area_largest             polished__area_largest
#define area_lowest              polished__area_lowest
#define area_most                polished__area_most
#define area_query               polished__area_query
#define area_refusal             polished__area_refusal
#define area_reserve             polished__area_reserve
#define area_reset               polished__area_reset
#define area_resize              polished__area_resize
#define area_take                polished__area_take
#define area_usable              polished__area_usable
#define area_walk                polished__area_walk
#define buddy_alloc_run          polished__buddy_alloc_run
#define buddy_check              polished__buddy_check
#define buddy_control_bytes      polished__buddy_control_bytes
#define buddy_end                polished__buddy_end
#define buddy_extend             polished__buddy_extend
#define buddy_free_run           polished__buddy_free_run
#define buddy_give               polished__buddy_give
#define buddy_init               polished__buddy_init
#define buddy_largest            polished__buddy_largest
#define buddy_mark               polished__buddy_mark
#define buddy_reserve            polished__buddy_reserve
#define buddy_reset              polished__buddy_reset
#define buddy_resize_run         polished__buddy_resize_run
#define buddy_walk               polished__buddy_walk
#define cache_check              polished__cache_check
#define cache_clear              polished__cache_clear
#define cache_clear_set          polished__cache_clear_set
#define cache_control_bytes      polished__cache_control_bytes
#define cache_cut                polished__cache_cut
#define cache_init               polished__cache_init
#define cache_largest            polished__cache_largest
#define cache_reaches            polished__cache_reaches
#define cache_rest               polished__cache_rest
#define cache_shrink             polished__cache_shrink
#define cache_wake               polished__cache_wake
#define cache_walk               polished__cache_walk
#define fit_add_free             polished__fit_add_free
#define fit_check                polished__fit_check
#define fit_choose               polished__fit_choose
#define fit_control_bytes        polished__fit_control_bytes
#define fit_cut                  polished__fit_cut
#define fit_extend               polished__fit_extend
#define fit_find                 polished__fit_find
#define fit_gap                  polished__fit_gap
#define fit_init                 polished__fit_init
#define fit_largest              polished__fit_largest
#define fit_last_free            polished__fit_last_free
#define fit_reserve              polished__fit_reserve
#define fit_reset                polished__fit_reset
#define fit_walk                 polished__fit_walk
#define frame_list_check         polished__frame_list_check
#define frame_list_control_bytes polished__frame_list_control_bytes
#define frame_list_extend        polished__frame_list_extend
#define frame_list_init          polished__frame_list_init
#define frame_list_reserve       polished__frame_list_reserve
#define frame_list_reset         polished__frame_list_reset
#define frame_list_walk          polished__frame_list_walk
#define thin_check                polished__thin_check
#define thin_choose               polished__thin_choose
#define thin_control_bytes        polished__thin_control_bytes
#define thin_cut                  polished__thin_cut
#define thin_extend               polished__thin_extend
#define thin_free                 polished__thin_free
#define thin_gap                  polished__thin_gap
#define thin_init                 polished__thin_init
#define thin_largest              polished__thin_largest
#define thin_reserve              polished__thin_reserve
#define thin_reset                polished__thin_reset
#define thin_resize               polished__thin_resize
#define thin_usable               polished__thin_usable
#define thin_walk                 polished__thin_walk
#define tlsf_alloc_half          polished__tlsf_alloc_half
#define tlsf_check_lists         polished__tlsf_check_lists
#define tlsf_control_bytes_of    polished__tlsf_control_bytes_of
#define tlsf_cut                 polished__tlsf_cut
#define tlsf_extend              polished__tlsf_extend
#define tlsf_free_fine           polished__tlsf_free_fine
#define tlsf_free_half           polished__tlsf_free_half
#define tlsf_gap                 polished__tlsf_gap
#define tlsf_init_as             polished__tlsf_init_as
#define tlsf_largest             polished__tlsf_largest
#define tlsf_reserve             polished__tlsf_reserve
#define tlsf_reset               polished__tlsf_reset
#define tlsf_resize              polished__tlsf_resize
#define tlsf_search              polished__tlsf_search
#define tlsf_usable              polished__tlsf_usable
#define tlsf_walk                polished__tlsf_walk
#define tree_before              polished__tree_before
#define tree_find                polished__tree_find
#define tree_insert              polished__tree_insert
#define tree_is_sound            polished__tree_is_sound
#define tree_remove              polished__tree_remove
#define user_extras              polished__user_extras
#define user_limit               polished__user_limit
#define user_refill              polished__user_refill
#define user_return              polished__user_return
#define user_run_alloc           polished__user_run_alloc
#define user_run_largest         polished__user_run_largest
#define user_run_resize          polished__user_run_resize
#define virgin_check             polished__virgin_check
#define virgin_find              polished__virgin_find
#define virgin_insert            polished__virgin_insert
#define virgin_largest           polished__virgin_largest
#define virgin_place             polished__virgin_place
#define virgin_remove            polished__virgin_remove

#endif
