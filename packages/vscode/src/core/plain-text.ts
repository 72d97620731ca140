/**
 * Text of somebody else for places where the editor reads more than letters: it makes `[words](command:…)` in notices and prompts a
 * link that runs a command, and `$(name)` in lists an icon. Both are taken apart, so that they are seen as what they are.
 */
export const plainText = (text: string): string =>
  text.replaceAll('](', '] (').replace(/\$\(([\w~-]+)\)/g, '$ ($1)');
