/** DOT drawn by Graphviz. Its code is large, so it is loaded where something is drawn. */

/** An `<svg>` element and nothing before it; throws where it cannot be drawn. */
export const svgOf = async (dot: string): Promise<string> => {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz')
  try {
    const drawn = (await Graphviz.load()).dot(dot)
    return `${drawn.slice(drawn.indexOf('<svg')).trimEnd()}\n`
  } finally {
    // One that has drawn before may fail at what a fresh one draws: "null function or function signature mismatch".
    Graphviz.unload()
  }
}
