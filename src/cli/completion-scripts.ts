/** Shells that `kubewright completion` knows. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The word after which the rest of a command line is completed instead of run; it is in no help. */
export const COMPLETE = '__complete';

/*
 * Each asks the program itself, with all words up to the cursor. It prints a proposal a line: the whole word, a tab, what it means.
 * Where it proposes nothing the shell goes on with names of files.
 */

/** bash takes `=` for a break between words: they are put together for the question, and what is before `=` is taken off the answers. Written for bash 3.2 and newer. */
const BASH = `# bash completion for kubewright. In ~/.bashrc: source <(kubewright completion bash)
_kubewright() {
  local word meaning prefix='' count=0 is_joined=''
  local -a words=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $count -gt 0 && ( $word == '=' || -n $is_joined ) ]]; then
      words[count-1]+=$word
      is_joined=''
      [[ $word == '=' ]] && is_joined=yes
    else
      words[count]=$word
      count=$((count + 1))
    fi
  done
  word=\${words[count-1]}
  [[ $word == -*=* ]] && prefix="\${word%%=*}="
  COMPREPLY=()
  while IFS=$'\\t' read -r word meaning; do
    COMPREPLY+=("\${word#"$prefix"}")
  done < <("\${COMP_WORDS[0]}" ${COMPLETE} "\${words[@]}" 2>/dev/null)
}
complete -o default -F _kubewright kubewright
`;

/** Works when loaded, and as a file of the function path. */
const ZSH = `#compdef kubewright
# zsh completion for kubewright. In ~/.zshrc, after compinit: source <(kubewright completion zsh)
_kubewright() {
  local line
  local -a proposals
  for line in "\${(@f)$("\${words[1]}" ${COMPLETE} "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && proposals+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#proposals} )); then
    _describe kubewright proposals
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _kubewright ]]; then
  _kubewright "$@"
else
  compdef _kubewright kubewright
fi
`;

const FISH = `# fish completion for kubewright. Once: kubewright completion fish > ~/.config/fish/completions/kubewright.fish
function __kubewright_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l proposals (command $program ${COMPLETE} $words "$current" 2>/dev/null)
    if test (count $proposals) -gt 0
        printf '%s\\n' $proposals
    else
        __fish_complete_path "$current"
    end
end
complete -c kubewright -f -a '(__kubewright_complete)'
`;

/** What a person's shell loads to complete command lines. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
