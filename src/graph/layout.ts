import { layout as arrange, Graph } from '@dagrejs/dagre';
import type { Chart, Edge, Node } from './chart.ts';
import { sizeOf } from './shape.ts';
import { widthOf } from './words.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placed extends Node, Point {
  readonly width: number;
  readonly height: number;
}

export interface Way extends Edge {
  readonly points: readonly Point[];
  /** Centre of its label. */
  readonly at: Point;
}

export interface Picture {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly ways: readonly Way[];
}

const LABEL_HEIGHT = 16;

/** Places a chart in layers from top to bottom, with few crossings (Gansner et al., "A technique for drawing directed graphs", 1993). */
export function layOut(chart: Chart): Picture {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 40, edgesep: 18, marginx: 24, marginy: 24 });
  for (const node of chart.nodes) graph.setNode(node.id, { ...sizeOf(node) });
  for (const [index, edge] of chart.edges.entries()) {
    const label =
      edge.label === '' ? { width: 0, height: 0 } : { width: widthOf(edge.label) + 8, height: LABEL_HEIGHT };
    // A jump back must not pull its target below itself, and the main line stays straight.
    graph.setEdge(edge.from, edge.to, { ...label, labelpos: 'c', weight: edge.jump ? 0 : 2, minlen: 1 }, String(index));
  }
  arrange(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    title: chart.title,
    width,
    height,
    nodes: chart.nodes.map((node) => {
      const { x = 0, y = 0, width = 0, height = 0 } = graph.node(node.id);
      return { ...node, x, y, width, height };
    }),
    ways: chart.edges.map((edge, index) => {
      const { points = [], x, y } = graph.edge(edge.from, edge.to, String(index));
      return { ...edge, points, at: { x: x ?? points[0]?.x ?? 0, y: y ?? points[0]?.y ?? 0 } };
    }),
  };
}
