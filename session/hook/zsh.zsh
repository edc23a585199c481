# The line hook for zsh: every line asks before it leaves the line editor.
#
# It runs inside the engineer's shell and is not trusted: what it hides is not
# granted, and what was not granted is held when it starts. Rules:
#   - the widgets that accept a line ask first (look), so that a denied line
#     stays to be edited and an unfinished one goes on;
#   - zle-line-finish runs last, whatever accepted the line: it empties the line
#     and gives it back only when the supervisor says that it was allowed (leave);
#   - nothing in here says by itself that a line was allowed: that is kept by
#     the supervisor, for one line, once;
#   - functions of the engineer's are never called: without the real `builtin`
#     nothing is accepted. Aliases do not reach what was read before them;
#   - every failure on the way leaves an empty line.

# A NUL ends a field; IFS has one, and one can be typed.
__escort_send() {
  builtin printf '%s\0' $# "${@//$'\0'/}" >&@FD@
}

# __escort_real makes sure that `builtin` is the shell's own.
__escort_real() {
  (( ! ${+functions[builtin]} )) && return
  (( ! ${+functions[unfunction]} )) && unfunction builtin
  (( ! ${+functions[builtin]} ))
}

# A line runs as it was read on the card only while the shell reads lines by
# the same rules, so these are put back before each prompt and at each Enter.
# Prompts expand only while they are those of the start file.
__escort_rules() {
  builtin emulate zsh
  builtin setopt zle aliases interactive_comments no_bang_hist no_correct no_correct_all no_auto_cd no_cdable_vars \
    no_path_dirs no_all_export no_magic_equal_subst no_rc_quotes no_chase_links no_prompt_subst no_extended_glob \
    no_brace_ccl no_csh_null_glob no_null_glob no_rematch_pcre no_single_line_zle no_debug_before_cmd exec unset
  if [[ $__escort_subst == on && $PS1$PS2$PS3$PS4$RPS1$RPS2$SPROMPT == "$__escort_prompts" ]]; then
    builtin setopt prompt_subst
  fi
  galiases=() saliases=()
  MAILCHECK=0 NULLCMD=cat READNULLCMD=more
  builtin disable fc r 2>/dev/null
  precmd_functions=(${precmd_functions:#__escort_prompt} __escort_prompt)
  preexec_functions=(${preexec_functions:#__escort_count} __escort_count)
  builtin zle -N zle-line-finish __escort_finish
}

# The options that are set here must outlast the function, so nothing in it may
# be local; what needs options of its own is a function below.
__escort_prompt() {
  __escort_status=$?
  __escort_real || return
  __escort_rules
  if [[ ! -o zle || ! -o shinstdin ]]; then
    builtin printf 'escort: the line editor was switched off: the session ends\r\n' >&2
    builtin kill -KILL $$
  fi
  __escort_arm
  __escort_ready
  builtin unsetopt local_options
}

__escort_count() { (( __escort_ran++ )) }

__escort_ready() {
  builtin setopt local_options no_err_exit no_err_return no_xtrace no_verbose
  local __escort_nonce=$RANDOM$RANDOM$RANDOM __escort_answer
  __escort_send prompt "$__escort_nonce" "$__escort_status" "$__escort_ran" || return
  while IFS= builtin read -r -u @FD@ __escort_answer; do
    [[ $__escort_answer == "$__escort_nonce go" ]] && return
  done
}

# __escort_tell ID KIND NAME answers what only the shell knows.
__escort_tell() {
  case $2 in
    variable)
      if [[ ${(Pt)3} == *(array|association)* ]]; then
        __escort_send cannot "$1"
        return
      fi
      if (( ${(P)+3} )); then
        __escort_send have "$1" "${(P)3}"
        return
      fi ;;
    alias)
      if (( ${+aliases[$3]} )); then
        __escort_send have "$1" "${aliases[$3]}"
        return
      fi ;;
    function)
      if (( ${+functions[$3]} )); then
        __escort_send have "$1" "$3 () {"$'\n'"${functions[$3]}"$'\n'"}"
        return
      fi ;;
    *) __escort_send cannot "$1"; return ;;
  esac
  __escort_send none "$1"
}

__escort_held() {
  builtin printf '\r\e[Kheld: waiting for the escort' >&2
}

__escort_drain() {
  local __escort_rest
  while builtin read -s -t 0.02 -k 1 __escort_rest; do :; done
}

# __escort_ask KIND LINE [TYPED] asks and answers questions until there is a
# verdict: 0 allow, 2 more, else denied or taken back.
__escort_ask() {
  local __escort_nonce=$RANDOM$RANDOM$RANDOM __escort_answer __escort_rest __escort_up=0
  __escort_send $1 "$__escort_nonce" "$2" "${3-$2}" || return 1
  while IFS= builtin read -r -u @FD@ __escort_answer; do
    [[ $__escort_answer == "$__escort_nonce "* ]] || continue
    __escort_answer=${__escort_answer#* }
    __escort_rest=${__escort_answer#* }
    case $__escort_answer in
      held)
        builtin zle && builtin zle -I
        __escort_up=1
        __escort_held ;;
      wipe) builtin printf '\r\e[K' >&2 ;;
      "say "*)
        builtin printf '\r\e[K%s\r\n' "$__escort_rest" >&2
        __escort_up=0
        __escort_held ;;
      "ask "*)
        __escort_answer=${__escort_rest#* }
        __escort_tell "${__escort_rest%% *}" "${__escort_answer%% *}" "${__escort_answer#* }" ;;
      allow)
        # The answer is for this text alone, whoever else asked meanwhile.
        IFS= builtin read -r -d '' -u @FD@ __escort_rest || return 1
        [[ $__escort_rest == "$2" ]] || return 1
        __escort_rest="${(%)PS1}$2"
        # The line is drawn again; where its rows are sure, in its place.
        if (( __escort_up )) && [[ $__escort_rest != *[^$'\n'\ -~]* ]]; then
          local -a __escort_rows=("${(@f)__escort_rest}")
          for __escort_rest in "${(@)__escort_rows}"; do
            (( $#__escort_rest < COLUMNS )) || __escort_up=0
          done
          (( __escort_up )) && builtin printf '\e[A\e[K%.0s' "${(@)__escort_rows}" >&2
        fi
        return 0 ;;
      more) return 2 ;;
      deny*)
        builtin zle && builtin zle -I
        builtin printf '\r\e[Kescort: denied%s\r\n' "${__escort_answer#deny}" >&2
        return 1 ;;
    esac
  done
  return 1
}

# __escort_accept WIDGET is what the widgets that accept a line do instead.
__escort_accept() {
  if [[ $CONTEXT == (vared|select) ]]; then # text for a program, no line
    builtin zle .accept-line
    return
  fi
  __escort_real || return
  __escort_rules
  builtin setopt local_options no_err_exit no_err_return no_xtrace no_verbose
  # What stands for earlier lines is put in before anybody is asked; the shell
  # itself never expands it, so what was shown is what is read.
  local __escort_typed=$BUFFER
  if [[ $BUFFER == *\!* ]]; then
    builtin setopt bang_hist
    builtin zle .expand-history
    builtin setopt no_bang_hist
  fi
  CURSOR=$#BUFFER
  __escort_ask look "$BUFFER" "$__escort_typed"
  case $? in
    0) builtin zle ".$1" ;;
    2) BUFFER+=$'\n' CURSOR=$#BUFFER ;;
    *)
      __escort_drain
      builtin print -rs -- "$BUFFER"
      BUFFER=
      builtin zle .send-break ;; # a new prompt, from which history has the line
  esac
}
__escort_accept_line() { __escort_accept accept-line }
__escort_accept_hold() { __escort_accept accept-and-hold }
__escort_accept_down() { __escort_accept accept-line-and-down-history }
__escort_accept_infer() { __escort_accept accept-and-infer-next-history }

__escort_finish() {
  [[ $CONTEXT == (vared|select) ]] && return
  # First of all, and by no function: whatever fails from here on, the line is
  # not there to be run.
  local __escort_line=$BUFFER
  BUFFER=
  __escort_leave "$__escort_line"
}

__escort_leave() {
  __escort_real || return
  __escort_rules
  builtin setopt local_options no_err_exit no_err_return no_xtrace no_verbose
  if __escort_ask leave "$1"; then
    BUFFER=$1
    return
  fi
  builtin zle .send-break
}

# Completion expands words, so that $(…) would run at a key.
__escort_complete() {
  if [[ $BUFFER != *[\$\`\(\)]* ]]; then
    builtin zle "__escort-$WIDGET"
  else
    builtin zle .beep
  fi
}

__escort_off() { :; }

# Everything that could accept a line or run one without the hook is replaced by
# name, so that no keymap, whoever made it, gets around it.
__escort_arm() {
  builtin zle -N accept-line __escort_accept_line
  builtin zle -N accept-and-hold __escort_accept_hold
  builtin zle -N accept-line-and-down-history __escort_accept_down
  builtin zle -N accept-and-infer-next-history __escort_accept_infer
  local __escort_name
  for __escort_name in execute-named-cmd execute-last-named-cmd run-help which-command; do
    builtin zle -N $__escort_name __escort_off
  done
  for __escort_name in $__escort_completers; do
    builtin zle -N $__escort_name __escort_complete
  done
}

# What the start file left is what holds from here on.
__escort_begin() {
  local __escort_name
  typeset -gi __escort_ran=0
  typeset -g __escort_subst=off __escort_prompts="$PS1$PS2$PS3$PS4$RPS1$RPS2$SPROMPT"
  [[ -o prompt_subst ]] && __escort_subst=on
  typeset -ga __escort_completers=(expand-or-complete expand-or-complete-prefix menu-expand-or-complete expand-word
    list-expand complete-word menu-complete reverse-menu-complete delete-char-or-list list-choices accept-and-menu-complete)
  for __escort_name in $__escort_completers; do
    builtin zle -A $__escort_name __escort-$__escort_name
  done
  __escort_rules
  __escort_arm
  typeset -gr __escort_subst __escort_prompts __escort_completers
  __escort_send hello "$ZSH_VERSION"
}

builtin zmodload zsh/zle zsh/parameter zsh/zleparameter
builtin bindkey -e
unset HISTFILE ZDOTDIR MAILPATH MAIL
HISTSIZE=1000
PS1='%n@%m:%~%(!.#.$) '
# With none allowed, no function of the hook runs and a line leaves unasked. Once
# read-only it stays so: the shell changes no attribute of its own variables.
typeset -gr FUNCNEST=1000
{ @USERRC@
__escort_begin }
