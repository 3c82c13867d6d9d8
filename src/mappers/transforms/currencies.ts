/** The codes of ISO 4217 and common abbreviations, in lower case and without a full stop. Symbols such as € need no list. */
export const currencyWords: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf('currency').map(code => code.toLowerCase()),
  ...['kr', 'zł', 'kč', 'ft', 'lei', 'лв', 'fr', 'sfr', 'fs', 'rs', 'rm', 'rp', 'руб', 'р', 'euro', 'euros'],
]);
