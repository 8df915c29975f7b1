"""How the shipped encoder is made: corpora → pairs → vocabulary → word vectors → contrastive stage → export."""
