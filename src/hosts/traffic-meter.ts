import type { Traffic } from './host.ts';

/** Counts what goes to and comes from one host, as ssh's standard input and output see it. */
export class TrafficMeter {
  #roundTrips = 0;
  #bytesSent = 0;
  #bytesReceived = 0;

  roundTrip(): void {
    this.#roundTrips += 1;
  }

  sent(bytes: number): void {
    this.#bytesSent += bytes;
  }

  received(bytes: number): void {
    this.#bytesReceived += bytes;
  }

  traffic(): Traffic {
    return { roundTrips: this.#roundTrips, bytesSent: this.#bytesSent, bytesReceived: this.#bytesReceived };
  }
}
