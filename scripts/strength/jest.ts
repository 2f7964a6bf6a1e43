/** The arguments by which Node runs jest in real ESM mode. */
export function jest(arguments_: readonly string[]): string[] {
  return [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...arguments_,
  ];
}
