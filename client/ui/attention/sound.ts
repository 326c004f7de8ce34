/**
 * Two short tones, made on the spot so that nothing has to be fetched [F176]. Browsers keep a page silent that
 * nobody has touched yet; then there is no sound, and what flashes is the alert.
 */
export function ring(): void {
  context ??= typeof AudioContext === 'undefined' ? null : new AudioContext()
  if (!context) return
  void context.resume()
  const { currentTime } = context
  tone(context, 880, currentTime)
  tone(context, 1174.66, currentTime + 0.16)
}

let context: AudioContext | null = null

function tone(context: AudioContext, frequency: number, at: number): void {
  const [oscillator, gain] = [context.createOscillator(), context.createGain()]
  oscillator.frequency.value = frequency
  // Rises and falls, since a tone that is cut clicks.
  gain.gain.setValueAtTime(0.0001, at)
  gain.gain.exponentialRampToValueAtTime(0.2, at + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.3)
  oscillator.connect(gain).connect(context.destination)
  oscillator.start(at)
  oscillator.stop(at + 0.32)
}
