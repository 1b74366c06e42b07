// Seals what the phone keeps. The format stands in docs/phone-format.md; the server's side in core/letterbox.py.
(function (scope) {
  "use strict";
  const VERSION = 1;
  const BLOCK = 256; // bytes: the length of a sealed record says little
  const PHOTO = [0x53, 0x47, 0x50, 0x31]; // "SGP1"
  const CURVE = { name: "ECDH", namedCurve: "P-256" };
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();

  function toText(bytes) {
    let raw = "";
    for (let at = 0; at < bytes.length; at += 0x8000) raw += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  }

  function fromText(text) {
    const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(raw, (char) => char.charCodeAt(0));
  }

  function padded(text) {
    const bytes = encoder.encode(text);
    const full = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK).fill(0x20);
    full.set(bytes);
    return full;
  }

  async function sealed(serverKey, what, key, bytes) {
    const server = await crypto.subtle.importKey("raw", fromText(serverKey.point), CURVE, false, []);
    const once = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, once.privateKey, 256);
    const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const derived = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: point, info: encoder.encode(`signalen/1/${what}`) },
      base,
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt"],
    );
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const context = encoder.encode(`signalen/1/${what}\n${serverKey.id}\n${key}`);
    const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: context }, derived, bytes);
    return { point, iv, ct: new Uint8Array(ct) };
  }

  async function envelope(serverKey, record) {
    const { point, iv, ct } = await sealed(serverKey, "record", record.key, padded(JSON.stringify(record)));
    return { v: VERSION, kid: serverKey.id, key: record.key, epk: toText(point), iv: toText(iv), ct: toText(ct) };
  }

  async function photo(serverKey, bytes, key) {
    const { point, iv, ct } = await sealed(serverKey, "photo", key, bytes);
    const kid = encoder.encode(serverKey.id);
    const parts = [Uint8Array.from([...PHOTO, kid.length]), kid, point, iv, ct];
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  // The lock of a sign-in: it cannot be taken out of the browser, and goes at sign-out.
  function newLock() {
    return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  async function lock(key, value, context) {
    const bytes = value instanceof Uint8Array ? value : padded(JSON.stringify(value));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const how = { name: "AES-GCM", iv, additionalData: encoder.encode(context) };
    return { iv, ct: new Uint8Array(await crypto.subtle.encrypt(how, key, bytes)) };
  }

  async function unlock(key, box, context) {
    const how = { name: "AES-GCM", iv: box.iv, additionalData: encoder.encode(context) };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, box.ct));
  }

  async function unlockObject(key, box, context) {
    return JSON.parse(decoder.decode(await unlock(key, box, context)));
  }

  async function hash(bytes) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  scope.Signalen = scope.Signalen || {};
  scope.Signalen.seal = { toText, fromText, envelope, photo, newLock, lock, unlock, unlockObject, hash };
})(self);
