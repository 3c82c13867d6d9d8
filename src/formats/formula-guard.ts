// Text that a spreadsheet would compute as a formula. https://owasp.org/www-community/attacks/CSV_Injection

/** What a formula begins with. Leading apostrophes are passed over, so that a guard can be told from an apostrophe of the text. */
const formula = /^'*[=+\-@\t\r\n]/;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const isFormula = (text: string): boolean => formula.test(text) && !number.test(text);

/** @returns the text, with an apostrophe before it if a spreadsheet would take it for a formula. `unguardFormula` takes it away */
export const guardFormula = (text: string): string => (isFormula(text) ? `'${text}` : text);

/** @returns the text that `guardFormula` was given */
export const unguardFormula = (text: string): string =>
  text.charCodeAt(0) === apostrophe && isFormula(text.slice(1)) ? text.slice(1) : text;

const apostrophe = 0x27;
