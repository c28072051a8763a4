/** Places in the files a user wrote, so that every mistake can be pointed at. */

/** A place in a file; line and column count from 1, as editors do. */
export type SourcePos = Readonly<{ file: string; line: number; column: number }>

/** A value and the place it was written at. */
export type Placed<A> = Readonly<{ value: A; at: SourcePos }>
