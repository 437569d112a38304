interface Place<T> {
  readonly who: T;
  before: Place<T> | undefined;
  behind: Place<T> | undefined;
  left: boolean;
}

/** First come, first served. Every step costs the same, however many wait, and who gives up leaves at once. */
export interface WaitingLine<T> {
  readonly length: number;
  /** Stands at the end; the function leaves the line, also from its middle, and is harmless afterwards. */
  join(who: T): () => void;
  /** Takes the first one out; undefined for an empty line. */
  next(): T | undefined;
}

export function createWaitingLine<T>(): WaitingLine<T> {
  let first: Place<T> | undefined;
  let last: Place<T> | undefined;
  let length = 0;

  function leave(place: Place<T>): void {
    if (place.left) return;
    place.left = true;
    length--;
    if (place.before === undefined) first = place.behind;
    else place.before.behind = place.behind;
    if (place.behind === undefined) last = place.before;
    else place.behind.before = place.before;
  }

  return {
    get length() {
      return length;
    },
    join(who) {
      const place: Place<T> = { who, before: last, behind: undefined, left: false };
      if (last === undefined) first = place;
      else last.behind = place;
      last = place;
      length++;
      return () => {
        leave(place);
      };
    },
    next() {
      const place = first;
      if (place !== undefined) leave(place);
      return place?.who;
    },
  };
}
