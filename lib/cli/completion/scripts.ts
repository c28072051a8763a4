/** Scripts that let a shell ask steward what may stand where the cursor is. */

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/**
 * `steward complete` prints one candidate a line, behind a tab what it is, and as its last line `:` and which names of
 * files the shell is to add. bash: COMP_WORDBREAKS parts `--option=value`, programmable completion in bash(1). zsh:
 * `_describe` in zshcompsys(1). fish: complete(1).
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# steward completion bash > ~/.local/share/bash-completion/completions/steward
_steward() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line
  local -a words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  [ "$current" = = ] && current=
  while IFS= read -r line; do
    case $line in
      :file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
      :folder) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
      :) ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" complete -- "\${words[@]}" 2>/dev/null </dev/null)
}
complete -F _steward steward
`,
  zsh: `#compdef steward
# steward completion zsh > a file _steward in a folder of $fpath
_steward() {
  local line
  local -a found
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null </dev/null)}"; do
    case $line in
      :file) _files ;;
      :folder) _files -/ ;;
      :) ;;
      *) found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( $#found )) && _describe steward found
}
if [ "$funcstack[1]" = _steward ]; then _steward "$@"; else compdef _steward steward; fi
`,
  fish: `# steward completion fish > ~/.config/fish/completions/steward.fish
function __steward_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] complete -- $words[2..-1] 2>/dev/null </dev/null)
    switch $line
      case :file
        __fish_complete_path (commandline -ct)
      case :folder
        __fish_complete_directories (commandline -ct)
      case :
      case '*'
        echo $line
    end
  end
end
complete -c steward -f -a '(__steward_complete)'
`,
}
