# The line hook for bash: every accepting key asks first.
#
# It runs inside the engineer's shell and is not trusted: what it hides is not
# granted, and what was not granted is held when it starts. Rules:
#   - Enter asks (LOOK) and then plays GO, which is empty but for the moment
#     after an allow: then it is DISARM, which empties it again, and ACCEPT.
#     All four are drawn at random for each session, and ACCEPT is never passed
#     on when it is typed;
#   - functions and aliases of the engineer's are never called: posix mode
#     lets `unset` win over a function of that name, then `builtin` is real;
#   - every failure on the way leaves the line unaccepted.

__escort_send() {
  builtin printf '%s\0' "$#" "$@" >&@FD@
}

# A line runs as it was read on the card only while the shell reads lines by
# the same rules, so these are put back before each prompt and at each Enter.
# Prompts expand only while they are those of the start file.
__escort_rules() {
  builtin set +Hk -B
  builtin shopt -s interactive_comments
  builtin shopt -u nocasematch xpg_echo cdable_vars cdspell extdebug @COMPLETE@
  builtin enable -n fc
  if [[ $PS0$PS1$PS2$PS4 == "$__escort_prompts" ]]; then
    builtin shopt -s promptvars
  else
    builtin shopt -u promptvars
  fi
}

__escort_prompt() {
  __escort_status=$? POSIXLY_CORRECT=1
  unset -f builtin || return
  builtin unset POSIXLY_CORRECT
  \__escort_rules
  if [[ ! -o emacs && ! -o vi ]]; then
    # It cannot be switched on again from here, and without it nothing is shown.
    builtin printf 'escort: the line editor was switched off: the session ends\r\n' >&2
    builtin kill -KILL $$
  fi
  builtin local - __escort_nonce=$RANDOM$RANDOM$RANDOM __escort_answer '__escort_ran=\#' || builtin return
  builtin set +euvxfH
  builtin bind '"@GO@": ""'
  __escort_send prompt "$__escort_nonce" "$__escort_status" "${__escort_ran@P}" || builtin return
  while IFS= builtin read -r -t 600000 -u @FD@ __escort_answer; do
    [[ $__escort_answer == "$__escort_nonce go" ]] && builtin return
  done
}

# __escort_tell ID KIND NAME answers what only the shell knows.
__escort_tell() {
  builtin local __escort_value
  case $2 in
    variable)
      if [[ -v $3 ]]; then
        __escort_send have "$1" "${!3}"
        builtin return
      fi ;;
    alias)
      if [[ -n ${BASH_ALIASES[$3]+x} ]]; then
        __escort_send have "$1" "${BASH_ALIASES[$3]}"
        builtin return
      fi ;;
    function)
      if __escort_value=$(builtin declare -f -- "$3"); then
        __escort_send have "$1" "$__escort_value"
        builtin return
      fi ;;
    *) __escort_send cannot "$1"; builtin return ;;
  esac
  __escort_send none "$1"
}

# While a line is held it is drawn again (bash has just cleared it), with the
# word "held" below. One row each, so that wiping them is certain.
__escort_draw() {
  builtin local "__escort_text=${2//[[:cntrl:]]/ }" __escort_ps= __escort_room
  [[ $PS1 != *[\`$'\e\001']* && $PS1 != *'$('* && $PS1 != *'\['* ]] && __escort_ps=${PS1@P}
  __escort_ps=${__escort_ps##*$'\n'}
  __escort_room=$((COLUMNS - ${#__escort_ps} - 2))
  if (( __escort_room < 1 )); then
    __escort_ps= __escort_room=$((COLUMNS > 2 ? COLUMNS - 2 : 0))
  fi
  if [[ $__escort_text == *[^\ -~]* ]]; then
    __escort_room=$((__escort_room / 2))
  fi
  __escort_text=${__escort_text:0:__escort_room}
  builtin printf '\r%s%s\r\n%s' "$__escort_ps" "$__escort_text" "$1" >&2
}

__escort_wipe() {
  builtin printf '\r\e[K\e[A\e[K' >&2
}

__escort_drain() {
  builtin local __escort_rest
  while IFS= builtin read -r -s -d '' -t 0.02 -n 4096 __escort_rest; do :; done
}

# __escort_ask LINE TYPED asks and answers questions until there is a verdict:
# 0 allow, 2 more, else denied or taken back.
__escort_ask() {
  builtin local __escort_nonce=$RANDOM$RANDOM$RANDOM __escort_answer __escort_rest || builtin return 1
  __escort_send look "$__escort_nonce" "$1" "$2" || builtin return 1
  while IFS= builtin read -r -t 600000 -u @FD@ __escort_answer; do
    [[ $__escort_answer == "$__escort_nonce "* ]] || builtin continue
    __escort_answer=${__escort_answer#* }
    __escort_rest=${__escort_answer#* }
    case $__escort_answer in
      held) __escort_draw 'held: waiting for the escort' "$1" ;;
      wipe) __escort_wipe ;;
      "say "*)
        __escort_wipe
        builtin printf '\r%s\r\n' "$__escort_rest" >&2
        __escort_draw 'held: waiting for the escort' "$1" ;;
      "ask "*)
        __escort_answer=${__escort_rest#* }
        __escort_tell "${__escort_rest%% *}" "${__escort_answer%% *}" "${__escort_answer#* }" ;;
      allow)
        # The answer is for this text alone, whoever else asked meanwhile.
        IFS= builtin read -r -d '' -t 60 -u @FD@ __escort_rest || builtin return 1
        [[ $__escort_rest == "$1" ]]
        builtin return ;;
      more) builtin return 2 ;;
      deny*)
        __escort_draw "escort: denied${__escort_answer#deny}" "$1"
        builtin printf '\r\n' >&2
        builtin return 1 ;;
    esac
  done
  builtin return 1
}

# __escort_expand LINE prints it with its history references replaced. The
# subshell's own history gives up an entry so that bash does not drop a real one.
__escort_expand() {
  builtin set +o history
  builtin history -s -- x && builtin history -d -1 && builtin history -p -- "$1" 2>&1
}

__escort_look() {
  POSIXLY_CORRECT=1
  unset -f builtin || return
  builtin unset POSIXLY_CORRECT
  \__escort_rules
  builtin local - __escort_line __escort_typed || builtin return
  builtin set +euvxfH
  builtin bind '"@GO@": ""' || builtin return
  __escort_typed=$READLINE_LINE
  __escort_line=$__escort_typed
  if [[ $__escort_typed == *'!'* || $__escort_typed == ^* ]]; then
    if ! __escort_line=$(__escort_expand "$__escort_typed"); then
      __escort_draw "$__escort_line" "$__escort_typed"
      builtin printf '\r\n' >&2
      READLINE_LINE=
      builtin return
    fi
    READLINE_LINE=$__escort_line
  fi
  READLINE_POINT=1000000
  __escort_ask "$__escort_line" "$__escort_typed"
  case $? in
    0) [[ $READLINE_LINE == "$__escort_line" ]] && builtin bind '"@GO@": "@DISARM@@ACCEPT@"' ;;
    2) READLINE_LINE+=$'\n' ;;
    *)
      __escort_drain
      builtin set +o history
      builtin history -s -- "$READLINE_LINE"
      READLINE_LINE= ;;
  esac
}

# Nothing has run since the allow, so nothing can keep this from its work.
__escort_disarm() {
  builtin bind '"@GO@": ""'
}

# Everything that could accept a line, run one, or bring back a binding without
# the hook loses its keys; then Enter in its every form asks first.
__escort_arm() {
  builtin local __escort_map __escort_key __escort_fn
  for __escort_map in emacs vi-insert vi-command; do
    for __escort_fn in accept-line operate-and-get-next edit-and-execute-command \
      vi-edit-and-execute-command insert-comment shell-expand-line execute-named-command \
      re-read-init-file start-kbd-macro end-kbd-macro call-last-kbd-macro \
      history-expand-line history-and-alias-expand-line alias-expand-line; do
      builtin bind -m "$__escort_map" -u "$__escort_fn" 2>/dev/null
    done
    builtin bind -m "$__escort_map" -x '"@LOOK@": \__escort_look'
    builtin bind -m "$__escort_map" -x '"@DISARM@": \__escort_disarm'
    builtin bind -m "$__escort_map" '"@ACCEPT@": accept-line'
    builtin bind -m "$__escort_map" '"@GO@": ""'
    for __escort_key in '\C-m' '\C-j'; do
      builtin bind -m "$__escort_map" "\"$__escort_key\": \"@LOOK@@GO@\""
    done
  done
  builtin bind 'set enable-bracketed-paste on'
}

set +H
unset HISTFILE INPUTRC PROMPT_COMMAND
readonly MAILCHECK=-1 # its messages would be expanded
PS1='\u@\h:\w\$ '
@USERRC@
__escort_arm
readonly __escort_prompts="$PS0$PS1$PS2$PS4"
readonly -f __escort_rules __escort_send __escort_prompt __escort_tell __escort_draw __escort_wipe \
  __escort_drain __escort_ask __escort_expand __escort_look __escort_disarm __escort_arm
readonly PROMPT_COMMAND='\__escort_prompt'
__escort_send hello "$BASH_VERSION"
