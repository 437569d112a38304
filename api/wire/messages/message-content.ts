import { z } from 'zod';

const text = z.looseObject({ text: z.string().min(1) });
const media = z.looseObject({ url: z.string().min(1) });
const choices = z.array(z.looseObject({})).min(1);
const card = z.looseObject({ title: z.string().optional(), description: z.string().optional() });
const byChannel = z.record(z.string(), z.unknown());

/** The kinds of an AppMessage of the Sinch Conversation API, with what each one requires. */
const kinds = {
  text_message: text,
  card_message: card,
  carousel_message: z.looseObject({ cards: z.array(card).min(1) }),
  choice_message: z.looseObject({ choices }),
  location_message: z.looseObject({
    title: z.string(),
    coordinates: z.looseObject({ latitude: z.number(), longitude: z.number() }),
  }),
  media_message: media,
  template_message: z
    .looseObject({ channel_template: byChannel.optional(), omni_template: z.looseObject({}).optional() })
    .refine((template) => template.channel_template !== undefined || template.omni_template !== undefined, {
      error: 'needs channel_template or omni_template',
    }),
  list_message: z.looseObject({ title: z.string(), sections: z.array(z.looseObject({})).min(1) }),
  contact_info_message: z.looseObject({
    name: z.looseObject({ full_name: z.string() }),
    phone_numbers: z.array(z.looseObject({ phone_number: z.string() })).min(1),
  }),
};
const KINDS = Object.keys(kinds) as (keyof typeof kinds)[];

/** AppMessage: exactly one kind; what a kind holds beyond its required keys passes through unread. */
export const appMessage = z
  .object({
    text_message: kinds.text_message.optional(),
    card_message: kinds.card_message.optional(),
    carousel_message: kinds.carousel_message.optional(),
    choice_message: kinds.choice_message.optional(),
    location_message: kinds.location_message.optional(),
    media_message: kinds.media_message.optional(),
    template_message: kinds.template_message.optional(),
    list_message: kinds.list_message.optional(),
    contact_info_message: kinds.contact_info_message.optional(),
    explicit_channel_message: byChannel.optional(),
    explicit_channel_omni_message: byChannel.optional(),
    channel_specific_message: byChannel.optional(),
    agent: z.looseObject({}).nullish(),
  })
  .refine((message) => KINDS.filter((kind) => message[kind] !== undefined).length === 1, {
    error: 'needs exactly one kind of message',
  });
