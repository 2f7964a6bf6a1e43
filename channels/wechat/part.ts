import { z } from 'zod';

/** What `plan` makes, in the words of customer-service messages. A picture is still at its own address. */
const Text = z.object({ msgtype: z.literal('text'), text: z.object({ content: z.string() }) });
const MenuPart = z.object({
  msgtype: z.literal('msgmenu'),
  msgmenu: z.object({
    head_content: z.string(),
    list: z.array(z.object({ id: z.string(), content: z.string() })),
  }),
});
const News = z.object({
  msgtype: z.literal('news'),
  news: z.object({
    articles: z.array(
      z.object({ title: z.string(), description: z.string(), url: z.string(), picurl: z.string().optional() }),
    ),
  }),
});
const Picture = z.object({ msgtype: z.literal('image'), image: z.object({ source: z.string(), alt: z.string() }) });
export const ServicePart = z.discriminatedUnion('msgtype', [Text, MenuPart, News, Picture]);
export const TemplatePart = z.object({
  template_id: z.string(),
  data: z.record(z.string(), z.object({ value: z.string() })),
  url: z.string().optional(),
});

/** As WeChat takes it: a picture is at WeChat already. */
export type Ready =
  | z.infer<typeof Text>
  | z.infer<typeof MenuPart>
  | z.infer<typeof News>
  | { readonly msgtype: 'image'; readonly image: { readonly media_id: string } };
export type ServicePart = z.infer<typeof ServicePart>;
export type TemplatePart = z.infer<typeof TemplatePart>;
export type TextPart = z.infer<typeof Text>;
export type MenuPart = z.infer<typeof MenuPart>;
