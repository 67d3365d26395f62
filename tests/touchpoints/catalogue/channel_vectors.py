"""Origins and the channel that each one is: source, medium, campaign, key of the channel."""

from __future__ import annotations

from typing import Final

VECTORS: Final[tuple[tuple[str, str, str, str], ...]] = (
    # 1. Direct
    ("(direct)", "(none)", "", "direct"),
    ("(Direct)", "(Not Set)", "", "direct"),
    ("", "", "", "direct"),
    ("  ", "\t", " ", "direct"),
    ("(direct)", "", "", "unassigned"),
    ("(direct)", "(none)", "summer", "direct"),
    # 2. Cross-network
    ("google", "cpc", "eu-cross-network-2026", "cross-network"),
    ("facebook", "referral", "Cross-Network", "cross-network"),
    ("", "", "cross-network", "cross-network"),
    # 3. Paid Shopping
    ("amazon", "cpc", "", "paid-shopping"),
    ("ebay.de", "ppc", "", "paid-shopping"),
    ("google", "cpc", "shopping-feed", "paid-shopping"),
    ("youtube", "paid", "the shop", "paid-shopping"),
    ("idealo.de", "paid-listing", "", "paid-shopping"),
    ("nobody.example", "cpm", "eshop", "paid-shopping"),
    # 4. Paid Search
    ("ecosia.org", "cpc", "", "paid-search"),
    ("www.google.co.uk", "CPC", "brand", "paid-search"),
    ("yandex.ru", "retargeting", "", "paid-search"),
    ("duckduckgo", "cpm", "", "paid-search"),
    ("bing", "ecpc", "", "paid-search"),
    # 5. Paid Social
    ("instagram", "paid_social", "", "paid-social"),
    ("t.co", "cpc", "", "paid-social"),
    ("LinkedIn.com", "paidsocial", "", "paid-social"),
    ("m.facebook.com", "cpv-cpm", "", "paid-social"),
    # 6. Paid Video
    ("vimeo", "cpc", "", "paid-video"),
    ("m.youtube.com", "cpm", "", "paid-video"),
    ("twitch.tv", "paid", "", "paid-video"),
    # 7. Display
    ("adnetwork.example", "banner", "", "display"),
    ("adnetwork.example", "cpm", "", "display"),
    ("adnetwork.example", "Interstitial", "", "display"),
    ("google", "display", "", "display"),
    ("facebook", "expandable", "shop", "display"),
    # 8. Paid Other
    ("chatgpt.com", "cpc", "", "paid-other"),
    ("newsletter", "paid", "", "paid-other"),
    ("partner.example", "cpa", "", "paid-other"),
    # 9. Organic Shopping
    ("etsy.com", "referral", "", "organic-shopping"),
    ("smile.amazon.com", "", "", "organic-shopping"),
    ("newsletter", "email", "teashop", "email"),
    ("somewhere", "", "e-shop week", "organic-shopping"),
    ("facebook", "social", "shopping", "organic-shopping"),
    ("shopping.google.de", "organic", "", "organic-shopping"),
    # 10. Organic Social
    ("lnkd.in", "referral", "", "organic-social"),
    ("x.com", "referral", "", "organic-social"),
    ("mastodon.example.org", "referral", "", "organic-social"),
    ("somewhere", "Social Media", "", "organic-social"),
    ("somewhere", "sm", "", "organic-social"),
    ("bsky.app", "", "", "organic-social"),
    # 11. Organic Video
    ("youtu.be", "referral", "", "organic-video"),
    ("somewhere", "pre-roll-video", "", "organic-video"),
    # 12. Organic Search
    ("google", "email", "", "organic-search"),
    ("search.brave.com", "", "", "organic-search"),
    ("google.com.br", "referral", "", "organic-search"),
    ("somewhere", "Organic", "", "organic-search"),
    # 13. Referral
    ("somewhere.example", "link", "", "referral"),
    ("google.evil.example", "referral", "", "referral"),
    ("notgoogle.com", "referral", "", "referral"),
    ("mail.google.com", "referral", "", "referral"),
    ("email", "app", "", "referral"),
    # 14. Email
    ("E-Mail", "", "", "email"),
    ("crm", "e_mail", "autumn", "email"),
    ("sms", "email", "", "email"),
    # 15.–17. Affiliates, Audio, SMS
    ("awin", "affiliate", "", "affiliates"),
    ("spotify", "audio", "", "audio"),
    ("sms", "x", "", "sms"),
    ("crm", "SMS", "", "sms"),
    # 18. Mobile Push Notifications
    ("app", "web-push", "", "mobile-push"),
    ("app", "in-app notification", "", "mobile-push"),
    ("crm", "mobile", "", "mobile-push"),
    ("Firebase", "", "", "mobile-push"),
    # 19. AI Assistant
    ("gemini.google.com", "", "", "ai-assistant"),
    ("claude.ai", "ai-assistant", "", "ai-assistant"),
    ("perplexity", "(not set)", "", "ai-assistant"),
    ("somewhere", "AI-Assistant", "", "ai-assistant"),
    # 20. Unassigned, and the traps
    ("x", "post", "", "unassigned"),
    ("crm", "newsletter", "", "unassigned"),
    ("somewhere", "", "", "unassigned"),
    ("", "", "spring", "unassigned"),
    ("crm", "mailing", "bookshop", "unassigned"),
    ("crm", "mailing", "workshop", "unassigned"),
    ("crm", "mailing", "shop", "organic-shopping"),
    ("crm", "mailing", "Work-Shop", "organic-shopping"),
    ("crm", "xpaid", "", "unassigned"),
    ("crm", "ppc2", "", "unassigned"),
    ("crm", "affiliates", "", "unassigned"),
)
