// The scripts that connect a shell with `portolan complete`, which prints a suggestion a line: word, tab, description.

export const shells = ['bash', 'zsh', 'fish'] as const;

const bash = `# bash completion for portolan
_portolan() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(portolan complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _portolan portolan`;

const zsh = `#compdef portolan
_portolan() {
  local line
  local -a found
  while IFS= read -r line; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(portolan complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then _describe 'portolan' found; else _files; fi
}
if [[ "\${funcstack[1]}" == _portolan ]]; then _portolan "$@"; else compdef _portolan portolan; fi`;

const fish = `# fish completion for portolan
function __portolan_complete
  set -l words (commandline -opc)
  portolan complete -- $words[2..] (commandline -ct) 2>/dev/null
end
complete -c portolan -f -a '(__portolan_complete)'
complete -c portolan -n 'test -z "$(__portolan_complete)"' -F`;

/** The completion script of each shell. */
export const completionScripts: Readonly<Record<(typeof shells)[number], string>> = { bash, zsh, fish };
