/** Why a sealed value cannot be opened. For the server log only; callers never see it. */
export class SealFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealFault';
  }
}
