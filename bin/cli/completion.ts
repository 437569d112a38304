import type { CommandNode } from './commands/tree.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Writes a script for the shell; it knows the commands of this release and asks nobody. */
export function completionScript(shell: Shell, nodes: readonly CommandNode[]): string {
  switch (shell) {
    case 'bash':
      return bash(nodes);
    case 'zsh':
      return zsh(nodes);
    case 'fish':
      return fish(nodes);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** fish knows no `'\''`. */
const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", `\\'`)}'`;
const paths = (nodes: readonly CommandNode[]): string[] =>
  nodes.map(({ path }) => path).filter((path) => path !== '');
const namesOf = ({ commands, options }: CommandNode): string =>
  [...commands, ...options]
    .map(({ name }) => name)
    .concat('--help')
    .join(' ');

function bash(nodes: readonly CommandNode[]): string {
  return `# optledger: completion for bash
_optledger() {
  local at="" choices="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/\${COMP_WORDS[i]}" in
      ${paths(nodes).join(' | ')}) at="$at/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at" in
${nodes.map((node) => `    ${quoted(node.path)}) choices=${quoted(namesOf(node))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$choices" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _optledger optledger
`;
}

function zsh(nodes: readonly CommandNode[]): string {
  const described = ({ commands, options }: CommandNode): string =>
    [...commands, ...options]
      .map(({ name, description }) => quoted(`${name}:${description.replaceAll(':', '\\:')}`))
      .join(' ');
  return `#compdef optledger
_optledger() {
  local at="" word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at/$word" in
      ${paths(nodes).join(' | ')}) at="$at/$word" ;;
    esac
  done
  case "$at" in
${nodes.map((node) => `    ${quoted(node.path)}) choices=(${described(node)}) ;;`).join('\n')}
  esac
  _describe 'optledger' choices
}
# Autoloaded it is the function's own body; sourced it only tells of itself.
if [ "\${funcstack[1]}" = _optledger ]; then _optledger "$@"; else compdef _optledger optledger; fi
`;
}

function fish(nodes: readonly CommandNode[]): string {
  const lines = nodes.flatMap(({ path, commands, options }) => {
    const when = `complete -c optledger -n '__optledger_at "${path}"'`;
    return [
      ...commands.map(({ name, description }) => `${when} -a ${name} -d ${fishQuoted(description)}`),
      ...options.map(({ name, description }) => `${when} -l ${name.slice(2)} -d ${fishQuoted(description)}`),
    ];
  });
  return `# optledger: completion for fish
function __optledger_at
  set -l at ""
  for word in (commandline -opc)[2..-1]
    contains -- "$at/$word" ${paths(nodes).join(' ')}
    and set at "$at/$word"
  end
  test "$at" = "$argv[1]"
end
complete -c optledger -f
${lines.join('\n')}
`;
}
