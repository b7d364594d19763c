# Bash completion for polished-sim, polished-trace and polished-record.
#
# It knows no option, policy or report: it asks the program, so that it is
# never out of date.

# The options that a help text explains.
_polished_options()
{
    "$@" --help 2>/dev/null |
        sed -nE 's/^ {2,6}(-., )?(--[a-z-]+).*/\2/p'
}

# The name that the help gives to the value of an option, such as SIZE.
_polished_argument()
{
    local option=$1
    shift
    "$@" --help 2>/dev/null | sed -nE \
        "s/^ {2,6}(-., )?(--[a-z-]+) ([A-Z][^ ]*).*/\\1 \\2 \\3/p" |
        awk -v o="$option" '{ for (i = 1; i < NF; i++)
            if ($i == o || $i == o ",") { print $NF; exit } }'
}

# The choices of an option: what the program says to one that is none.
_polished_choices()
{
    local option=$1
    shift
    "$@" "$option" '?' 2>&1 >/dev/null </dev/null |
        sed -nE 's/.* is none of ([a-z0-9, -]+)$/\1/p' | tr -d ,
}

_polished_rows()
{
    "$1" --list 2>/dev/null | awk -v kind="$2" '$1 == kind { print $2 }'
}

_polished_files()
{
    compopt -o default 2>/dev/null
    COMPREPLY=()
}

# Complete the value of an option.
_polished_value()
{
    local option=$1 current=$2
    shift 2
    local sim=${1/%polished-trace/polished-sim} # which lists policies
    case $(_polished_argument "$option" "$@") in
    SPEC)
        compopt -o nospace 2>/dev/null
        COMPREPLY=($(compgen -W "$(_polished_rows "$sim" policy)
            $(_polished_rows "$sim" knob)" -- "$current"))
        COMPREPLY+=($(compgen -f -X '!*.so*' -- "$current"))
        if [[ $current == */* ]]; then
            COMPREPLY+=($(compgen -d -S / -- "$current"))
        fi
        ;;
    KIND*)
        COMPREPLY=($(compgen -W "$(_polished_rows "$1" report)" \
            -- "$current"))
        ;;
    WHEN | LEVEL | FORMAT | VERDICT | WHAT)
        COMPREPLY=($(compgen -W "$(_polished_choices "$option" "$@")" \
            -- "$current"))
        ;;
    '') return 1 ;;
    *FILE | PATH) _polished_files ;;
    esac
}

_polished()
{
    local current=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]}
    local program=("${COMP_WORDS[0]}")

    # --option=value comes as three words.
    if [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $current == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 1]}
        current=
    fi
    if [[ ${program[0]} == *polished-trace ]]; then
        if ((COMP_CWORD == 1)) && [[ $current != -* ]]; then
            COMPREPLY=($(compgen -W "$("${program[0]}" --help |
                sed -nE 's/^  ([a-z]+)  .*/\1/p')" -- "$current"))
            return
        fi
        ((COMP_CWORD > 1)) && program+=("${COMP_WORDS[1]}")
    fi
    if [[ $previous == -* ]] &&
        _polished_value "$previous" "$current" "${program[@]}"; then
        return
    fi
    if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$(_polished_options "${program[@]}")" \
            -- "$current"))
    else
        _polished_files
    fi
}

complete -F _polished polished-sim polished-trace polished-record
