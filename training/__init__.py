"""How the bundled model was made: motions, caption grammar, training, evaluation. Nothing else imports it."""
