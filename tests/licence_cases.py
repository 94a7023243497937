"""Boundary cases of the register of licences, each with what is true of it by the rules of docs/licences.md.

A line of a table: what is published when, and after it P permitted, N not permitted or U unknown. They were written
from the rules by hand, and are never made by the code that they test.
"""

# One licence, of lake.example for hill.example, from the first column to the second (`.`: open); then when it came out.
DAYS = """
2024-03-01 2024-03-31 2024-02-29                N  # the day before
2024-03-01 2024-03-31 2024-03-01                P  # the first day is included
2024-03-01 2024-03-31 2024-03-02                P
2024-03-01 2024-03-31 2024-03-30                P
2024-03-01 2024-03-31 2024-03-31                P  # so is the last
2024-03-01 2024-03-31 2024-04-01                N
2024-03-01 2024-03-31 2023-03-15                N  # another year
2024-03-01 2024-03-31 2025-03-15                N
2024-03-15 2024-03-15 2024-03-14                N  # a licence of one day
2024-03-15 2024-03-15 2024-03-15                P
2024-03-15 2024-03-15 2024-03-16                N
2024-02-01 2024-02-29 2024-02-29                P  # a leap day is a day
2024-02-01 2024-02-28 2024-02-29                N
2023-02-01 2023-02-28 2023-03-01                N
2023-12-31 2024-01-01 2023-12-31                P
2023-12-31 2024-01-01 2024-01-01                P
2023-12-31 2024-01-01 2024-01-02                N
.          2024-03-31 1999-01-01                P  # no beginning
.          2024-03-31 2024-03-31                P
.          2024-03-31 2024-04-01                N
2024-03-01 .          2024-02-29                N
2024-03-01 .          2024-03-01                P
2024-03-01 .          2099-12-31                P  # no end
.          .          2024-03-01                P
2024-03    2024-03    2024-02-29                N  # months are whole
2024-03    2024-03    2024-03-01                P
2024-03    2024-03    2024-03-31                P
2024-03    2024-03    2024-04-01                N
2024-02    2024-02    2024-02-29                P
2023-02    2023-02    2023-02-28                P
2023-02    2023-02    2023-03-01                N
2024       2024       2023-12-31                N  # and so are years
2024       2024       2024-01-01                P
2024       2024       2024-12-31                P
2024       2024       2025-01-01                N
2024-03-01 9999-12-31 2031-01-01                P  # how some write "no end"
2024-03-01 2024-03-31 2024-03                   P  # a page may know its month alone
2024-03-01 2024-03-30 2024-03                   U  # a day of it is outside
2024-03-02 2024-03-31 2024-03                   U
2024-03-01 2024-03-31 2024-02                   N
2024-03-01 2024-03-31 2024-04                   N
2024-02-01 2024-02-29 2024-02                   P
2024-02-01 2024-02-28 2024-02                   U
2023-02-01 2023-02-28 2023-02                   P
2024-03-01 2024-03-31 2024                      U
2024-01-01 2024-12-31 2024                      P
2024-01-01 2024-12-30 2024                      U
2023-01-01 2023-12-31 2024                      N
"""

# The same; these pages tell the hour, with a zone or without.
TIMES = """
2024-03-01 2024-03-31 2024-03-01T00:00:01       P  # without a zone: as its own calendar has it
2024-03-01 2024-03-31 2024-02-29T23:59:59       N
2024-03-01 2024-03-31 2024-03-31T23:59:59       P
2024-03-01 2024-03-31 2024-04-01T00:00:01       N
2024-03-01 2024-03-31 2024-03-31T23:59          P
2024-03-01 2024-03-31 2024-03-31T23:59:59Z      P  # its calendar is that of UTC
2024-03-01 2024-03-31 2024-03-31T23:59:59+00:00 P
2024-03-01 2024-03-31 2024-04-01T00:00:00Z      N
2024-03-01 2024-03-31 2024-03-01T00:00:00Z      P
2024-03-01 2024-03-31 2024-02-29T23:59:59Z      N
2024-03-01 2024-03-31 2024-03-31T23:30:00-05:00 U  # April in UTC
2024-03-01 2024-03-31 2024-03-31T18:59:59-05:00 P  # still March in both
2024-03-01 2024-03-31 2024-03-31T19:00:00-05:00 U  # midnight in UTC
2024-03-01 2024-03-31 2024-04-01T00:00:00-05:00 N  # April in both
2024-03-01 2024-03-31 2024-04-01T00:30:00+02:00 U  # March in UTC
2024-03-01 2024-03-31 2024-04-01T01:59:59+02:00 U
2024-03-01 2024-03-31 2024-04-01T02:00:00+02:00 N
2024-03-01 2024-03-31 2024-03-01T00:30:00+02:00 U  # February in UTC
2024-03-01 2024-03-31 2024-03-01T02:00:00+02:00 P
2024-03-01 2024-03-31 2024-02-29T23:30:00-05:00 U  # March in UTC
2024-03-01 2024-03-31 2024-02-29T18:59:59-05:00 N
2024-03-01 2024-03-31 2024-03-31T23:59:59+14:00 P
2024-03-01 2024-03-31 2024-04-01T13:59:59+14:00 U
2024-03-01 2024-03-31 2024-04-01T14:00:00+14:00 N
2024-03-01 2024-03-31 2024-03-31T11:59:59-12:00 P
2024-03-01 2024-03-31 2024-03-31T12:00:00-12:00 U
2024-03-01 2024-03-31 2024-04-01T05:15:00+05:30 U  # 23:45 in UTC
2024-03-01 2024-03-31 2024-04-01T05:30:00+05:30 N
2024-03-01 2024-03-31 2024-04-01T05:44:00+05:45 U
2024-03-01 2024-03-31 2024-03-15T12:00:00+09:00 P  # in the middle no zone matters
2024-03-01 .          2024-03-01T00:30:00+02:00 U
.          2024-03-31 2024-03-31T23:30:00-05:00 U
.          .          2024-03-31T23:30:00-05:00 P
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-01T05:59:59Z      N  # a licence that tells the hour
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-01T06:00:00Z      P
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-31T18:00:00Z      P
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-31T18:01:00Z      N
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-31T20:00:00+02:00 P  # the same moment
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-31T20:01:00+02:00 N
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-31T13:00:00-05:00 P
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-04-01T00:30:00+09:00 P  # 15:30 in UTC
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-31                U  # a day, of which a part is outside
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-01                U
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-30                P  # which is over everywhere by then
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-29                P
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-04-01                U  # somewhere it is the 1st already
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-04-02                N
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-02-29                U  # somewhere it is still the 29th
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-02-28                N
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-31T12:00:00       U  # a clock in no known zone
2024-03-01T06:00Z 2024-03-31T18:00Z 2024-03-15T12:00:00       P
2024-03-01T00:00+01:00 2024-03-31T23:59+02:00 2024-03-31T22:00:00Z N  # midnight in Berlin
2024-03-01T00:00+01:00 2024-03-31T23:59+02:00 2024-03-31T21:59:00Z P
"""

# Several licences of lake.example for hill.example, `from/to`; then when it came out.
SEVERAL = """
2024-01-01/2024-06-30 2024-04-01/2024-12-31          2024-05-01                P  # they overlap
2024-01-01/2024-06-30 2024-04-01/2024-12-31          2024-01-01                P
2024-01-01/2024-06-30 2024-04-01/2024-12-31          2024-12-31                P
2024-01-01/2024-06-30 2024-04-01/2024-12-31          2025-01-01                N
2024-01-01/2024-06-30 2024-04-01/2024-12-31          2024                      P  # together they are the year
2024-01-01/2024-06-30 2024-07-01/2024-12-31          2024-06-30                P  # one after the other
2024-01-01/2024-06-30 2024-07-01/2024-12-31          2024-07-01                P
2024-01-01/2024-06-30 2024-07-01/2024-12-31          2024-06-30T23:30:00-05:00 P  # whichever day it is
2024-01-01/2024-06-30 2024-07-01/2024-12-31          2024                      P
2024-01-01/2024-06-30 2024-07-02/2024-12-31          2024-07-01                N  # a day between them
2024-01-01/2024-06-30 2024-07-02/2024-12-31          2024-07                   U
2024-01-01/2024-06-30 2024-07-02/2024-12-31          2024-06-30T23:30:00-05:00 U
2024-01-01/2024-06-30 2024-07-02/2024-12-31          2024                      U
2024-01-01/2024-03-31 2024-10-01/2024-12-31          2024-06                   N  # a gap of months
2024-01-01/2024-03-31 2024-10-01/2024-12-31          2024-09-30                N
2024-01-01/2024-03-31 2024-10-01/2024-12-31          2024-10-01                P
2024-01-01/2024-03-31 2024-10-01/.                   2030-01-01                P
./2024-03-31          2024-04-01/.                   2024-03-31T23:30:00-05:00 P  # always, in two parts
./2024-03-31          2024-04-02/.                   2024-04-01                N
2024-01-01/2024-12-31 2024-03-01/2024-03-31          2024-06-01                P  # one inside of the other
2024-03-01/2024-03-31 2024-01-01/2024-12-31          2024-02-29                P
2024-01-01/2024-01-31 2024-02-01/2024-02-29 2024-03  2024-02                   P
2024-01-01/2024-01-31 2024-02-01/2024-02-28 2024-03  2024-02                   U
"""

# A licence at any time for hill.example, of the first column; then the address of the repost.
LICENSEES = """
lake.example          https://lake.example/a                P
lake.example          https://www.lake.example/a            P
lake.example          http://LAKE.example:8080/a            P
lake.example          https://m.lake.example/a              P  # another dress
lake.example          https://sport.lake.example/a          P  # a site is all that is below it
lake.example          https://a.b.lake.example/a            P
lake.example          https://lake.example.org/a            N
lake.example          https://mylake.example/a              N  # ends alike
lake.example          https://lake.other/a                  N
lake.example          https://lake-example.example/a        N
www.lake.example      https://lake.example/a                P  # "www." says nothing
www.lake.example      https://sport.lake.example/a          P
https://lake.example  https://lake.example/a                P
https://lake.example/ https://sport.lake.example/a          P
LAKE.Example          https://lake.example/a                P
sport.lake.example    https://sport.lake.example/a          P  # a part of a site
sport.lake.example    https://www.sport.lake.example/a      P
sport.lake.example    https://live.sport.lake.example/a     P
sport.lake.example    https://lake.example/a                N
sport.lake.example    https://news.lake.example/a           N
sport.lake.example    https://esport.lake.example/a         N
lake.co.uk            https://www.lake.co.uk/a              P
lake.co.uk            https://hill.co.uk/a                  N
co.uk                 https://lake.co.uk/a                  N  # nobody has a licence for all of Britain
wordpress.com         https://anna.wordpress.com/a          N  # nor a blog host for its customers
anna.wordpress.com    https://anna.wordpress.com/a          P
anna.wordpress.com    https://ben.wordpress.com/a           N
müller.example        https://xn--mller-kva.example/a       P  # one name in two spellings
xn--mller-kva.example https://müller.example/a              P
müller.example        https://mueller.example/a             N
Lake Post             https://lakepost.example/a            P  # listed: two sites, in the group of Hill Herald
Lake Post             https://www.seepost.example/a         P
Lake Post             https://hillherald.example/a          N  # of the same owner, another outlet
lake post             https://lakepost.example/a            P
The Post of the Lake  https://seepost.example/a             P  # its other name
owner:Lake Group      https://lakepost.example/a            P
owner:Lake Group      https://hillherald.example/a          P
Lake Group            https://hillherald.example/a          P  # nobody else is called that
owner:lake group      https://seepost.example/a             P
owner:Lake Group      https://sea.example/a                 N
*                     https://anybody.example/a             P
*                     file:///archive/a.txt                 P
-                     https://lake.example/a                N  # nobody
-                     file:///archive/a.txt                 N
lake.example          file:///archive/a.txt                 U  # a page of no site may be anybody's
owner:Lake Group      file:///archive/a.txt                 U
lake.example; sea.example https://sea.example/a             P
lake.example; sea.example https://hill.other/a              N
"""

# A licence of lake.example at any time for the first column; then where the text comes from: `address | outlet`.
SOURCES = """
hill.example          https://hill.example/x |                  P
hill.example          https://news.hill.example/x |             P
hill.example          https://hill.other/x | Hill Daily         U  # the register is about somebody else
news.hill.example     https://news.hill.example/x |             P
news.hill.example     https://hill.example/x |                  U
hill.example          https://sea.example/x | Hill              U
Hill Daily            https://hilldaily.example/x |             P  # on no list: the site goes by that name
Hill Daily            https://daily.example/x | Hill Daily      P
Hill Daily            https://daily.example/x | The Hill Daily  P
Hill Daily            https://daily.example/x | Hill Weekly     U
Hill Daily            | Hill Daily                              P  # known by name alone
hilldaily.example     | Hill Daily                              P
hilldaily.example     | Hill Weekly                             U
Reuters               | Reuters                                 P  # an agency outside the store
Reuters               | Thomson Reuters                         P
Reuters               | ロイター                                P
Reuters               https://www.reuters.com/world/x |         P
Reuters               https://www.reuters.com/world/x | Reuters P
reuters.com           | Reuters                                 P
reuters.com           https://uk.reuters.com/x |                P
uk.reuters.com        | Reuters                                 U  # a part, and the name of the whole
Reuters               | AFP                                     U
AP                    | Associated Press                        P
Associated Press      https://apnews.com/x |                    P
Lakeside News Service | LNS                                     P  # on the user's own list
Lakeside Wire         | Lakeside News Service                   P
lns.example           | LNS                                     P
Lakeside News Service https://lns.example/x |                   P
Lakeside News Service https://copy.example/x | LNS              U  # a page may call itself so
owner:Lake Group      https://hillherald.example/x |            P
owner:Lake Group      | Hill Herald                             P
Lake Group            | Seepost                                 P
owner:Lake Group      https://sea.example/x | Sea Times         U
Lake Post             https://hillherald.example/x |            U
Hill Herald; Reuters  | Reuters                                 P
Hill Herald; Reuters  | dpa                                     U
PR Newswire           | PR Newswire                             P
hill.example          |                                         U  # nobody is named
"""

# As above, but for the licence of sea.example: what lake.example has no licence for, and the register is about.
OTHERS = """
hill.example          https://hill.example/x |                  N
hill.example          https://news.hill.example/x |             N
news.hill.example     https://hill.example/x |                  U  # the line is about another part
Reuters               | Reuters                                 N
reuters.com           | Reuters                                 N
uk.reuters.com        | Reuters                                 U
Reuters               | dpa                                     U
Lakeside News Service https://copy.example/x | LNS              U
owner:Lake Group      | Hill Herald                             N
Hill Daily            | Hill Daily                              N
"""

# Undated pages, and those whose dates are in doubt: licence, published or `.`, fetched or `.`, another date they give.
DOUBTS = """
2024-03-01 2024-03-31 .          .                    .          U  # nothing is known
.          .          .          .                    .          P  # and nothing matters
2024-03-01 .          .          .                    .          U
.          2024-03-31 .          2024-03-31T10:00:00Z .          P  # it was there before that
.          2024-03-31 .          2024-04-01T10:00:00Z .          U
2024-03-01 2024-03-31 .          2024-03-15T10:00:00Z .          U
2024-03-01 2024-03-31 .          2024-02-29T10:00:00Z .          N  # it was there before the licence began
2024-03-01 .          .          2024-02-29T10:00:00Z .          N
2024-03-01 2024-03-31 2024-03-15 2024-04-20T10:00:00Z .          P
2024-03-01 2024-03-31 2024-03-15 2024-04-20T10:00:00Z 2024-02-01 U  # another date of its own is outside
2024-03-01 2024-03-31 2024-03-15 2024-04-20T10:00:00Z 2024-03-02 P  # or inside as well
2024-03-01 2024-03-31 2024-02-15 2024-04-20T10:00:00Z 2024-01-02 N  # or outside as well
2024-03-01 2024-03-31 2024-02-15 2024-04-20T10:00:00Z 2024-04-15 U  # all of March lies between them
2024-03-01 2024-03-31 2024-04-15 2024-04-20T10:00:00Z 2024-03-15 U
"""
