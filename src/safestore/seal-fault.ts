/** Why a sealed value does not open. Meant for the log: callers of the server are never told. */
export class SealFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealFault';
  }
}
