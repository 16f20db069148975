let audio: AudioContext | null = null;

/**
 * A short soft tone for a new answer, made on the spot. Browsers allow sound only after the visitor acted in the
 * page; where they do not, there is silence and no error.
 */
export function chime(): void {
  try {
    audio ??= new AudioContext();
    const now = audio.currentTime;
    for (const [pitch, delay] of [[660, 0], [880, 0.09]] as const) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, now + delay);
      volume.gain.linearRampToValueAtTime(0.06, now + delay + 0.015);
      volume.gain.exponentialRampToValueAtTime(0.0001, now + delay + 0.25);
      tone.connect(volume).connect(audio.destination);
      tone.start(now + delay);
      tone.stop(now + delay + 0.3);
    }
  } catch {
    // No audio device or not allowed: the answer itself and the badge remain.
  }
}
